-- Notes which tenant's admin made a tenant: its keys can be looked at and revoked from there. Null where the operator
-- made it.
-- Back: DROP INDEX tenants_by_maker; ALTER TABLE tenants DROP COLUMN made_by;
ALTER TABLE tenants ADD COLUMN made_by TEXT REFERENCES tenants (id);

CREATE INDEX tenants_by_maker ON tenants (made_by) WHERE made_by IS NOT NULL;
