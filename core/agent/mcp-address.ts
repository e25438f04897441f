import { invalid } from '../failure.ts';

/**
 * Which addresses a tenant may have this service call.
 *
 *  SEC-20 A server that a caller names is reached over https, by a public name or address: never the service's own
 *     machine, a private network, or a cloud's metadata. On a laptop, where the caller owns the machine, its own
 *     loopback is allowed.
 *
 * A public name that resolves to a private address is Cloudflare's to refuse: a Worker reaches no private network.
 */
export function checkServerAddress(address: string, { loopback }: { readonly loopback: boolean }): void {
  const { protocol, hostname, username, password } = new URL(address);
  if (username !== '' || password !== '') throw refused('a name and password do not belong into a URL');
  if (isLoopback(hostname)) {
    if (loopback) return;
    throw refused('this service does not call its own machine');
  }
  if (protocol !== 'https:') throw refused('expected https');
  if (isPrivate(hostname)) throw refused('this service does not call private addresses');
}

const refused = (why: string) => invalid('url', `Invalid 'url': ${why}.`);

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' ||
  hostname.endsWith('.localhost') ||
  hostname === '[::1]' ||
  /^127(\.\d+){3}$/.test(hostname);

/** `URL` has written every form of an IPv4 address as four decimal numbers, and of an IPv6 address in its shortest form. */
function isPrivate(hostname: string): boolean {
  if (hostname.startsWith('[')) {
    const first = Number.parseInt(hostname.slice(1).split(':')[0] || '0', 16);
    const isGlobal = first >= 0x2000 && first <= 0x3fff;
    return !isGlobal;
  }
  if (!/^\d+(\.\d+){3}$/.test(hostname))
    return !hostname.includes('.') || /\.(local|internal)\.?$/.test(hostname);
  const [a = 0, b = 0] = hostname.split('.').map(Number);
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && (b === 168 || b === 0)) ||
    (a === 198 && (b === 18 || b === 19)) ||
    a >= 224
  );
}
