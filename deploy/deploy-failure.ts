/** What the person at the terminal can fix; printed as its message alone. Anything else is a bug and shows its stack. */
export class DeployFailure extends Error {
  override readonly name = 'DeployFailure';
}
