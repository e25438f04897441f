/**
 * A binding to Durable Objects whose class implements `Calls`: the class says so (`implements`), the binding says so
 * here, and no cast stands between them. Cloudflare's `DurableObjectNamespace<Class>` would derive the same from the
 * class, but adapters import no class, and over our JSON, a recursive type, its derivation does not end (TS2589).
 */
export interface ObjectNamespace<Calls> extends DurableObjectNamespace {
  getByName(name: string, options?: DurableObjectNamespaceGetDurableObjectOptions): DurableObjectStub & Calls;
}
