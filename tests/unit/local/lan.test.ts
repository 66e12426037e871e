import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { listLanAddresses, formatLanLines } from '#local/lan.js';
import { serve } from '#local/http.js';

const ipv4 = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  internal,
  family: 'IPv4',
  netmask: '255.255.255.0',
  mac: '00:00:00:00:00:00',
  cidr: null,
});

describe('the stack on the local network', () => {
  it('has the addresses that other devices reach, those of home networks first', () => {
    const interfaces = {
      lo: [ipv4('127.0.0.1', true)],
      docker0: [ipv4('172.17.0.1')],
      wlan0: [{ ...ipv4('fe80::1'), family: 'IPv6' as const, scopeid: 0 }, ipv4('192.168.1.7')],
    };
    assert.deepEqual(listLanAddresses(interfaces), ['192.168.1.7', '172.17.0.1']);
  });

  it('shows a QR code of an address to open on the phone', () => {
    const lines = formatLanLines(['192.168.1.7'], 8080);
    assert.match(lines.join('\n'), /http:\/\/192\.168\.1\.7:8080\/ answers "Ok"/);
    const code = lines.slice(3);
    assert.ok(code.length > 10 && code.every((line) => /^[ █▀▄]+$/.test(line)), code.join('\n'));
  });

  it('reports that there is no network', () => assert.equal(formatLanLines([], 8080).length, 1));

  it('has stand-ins that listen on the configured address', async () => {
    const server = await serve(() => ({ status: 200, body: {} }), 0, '0.0.0.0');
    const answer = await fetch(`http://127.0.0.1:${server.port}/`);
    await server.close();
    assert.equal(answer.status, 200);
  });
});
