import { describe, expect, test } from 'vitest';
import { Failure } from '../failure.ts';
import { checkServerAddress } from './mcp-address.ts';

const allowed = (url: string, loopback = false): boolean => {
  try {
    checkServerAddress(url, { loopback });
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return false;
  }
};

describe('SEC-20: addresses that a caller may name', () => {
  test.each(['https://mcp.example.com/mcp', 'https://8.8.8.8/', 'https://[2606:4700::1111]/mcp'])(
    '%s is',
    (url) => {
      expect(allowed(url)).toBe(true);
    },
  );

  test.each([
    'http://mcp.example.com/mcp',
    'https://localhost/mcp',
    'https://127.0.0.1/mcp',
    'https://2130706433/mcp',
    'https://0x7f.1/mcp',
    'https://0.0.0.0/',
    'https://[::1]/mcp',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00::1]/',
    'https://[fe80::1]/',
    'https://10.1.2.3/',
    'https://100.64.0.1/',
    'https://169.254.169.254/latest/meta-data',
    'https://172.16.0.1/',
    'https://192.168.1.1/',
    'https://printer/',
    'https://metadata.google.internal/',
    'https://user:secret@mcp.example.com/',
  ])('%s is not', (url) => {
    expect(allowed(url)).toBe(false);
  });

  test('a laptop may call itself, and still no private network', () => {
    expect(allowed('http://localhost:9000/mcp', true)).toBe(true);
    expect(allowed('http://127.0.0.1:9000/mcp', true)).toBe(true);
    expect(allowed('https://192.168.1.1/', true)).toBe(false);
  });
});
