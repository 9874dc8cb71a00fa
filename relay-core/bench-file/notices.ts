/** Hints about a bench file that do not stop it: what is risky (SET-2, SET-4, SET-5). */
import type { BenchNotice } from '../contract/status.ts';
import { isLoopback } from '../loopback.ts';
import { isPrivateRange, rangeSize, readRange, wideRangeAddresses } from '../settings/ip-range.ts';
import type { BenchFile } from './schema.ts';

export function noticesOf(file: BenchFile): BenchNotice[] {
  return [
    ...file.settings.flatMap(settingWarnings),
    ...noSettingEnabled(file),
    ...vaultWithoutStorage(file),
    ...scannersElsewhere(file),
  ];
}

function warning(path: string, text: string): BenchNotice {
  return { path, text };
}

function settingWarnings(setting: BenchFile['settings'][number], index: number): BenchNotice[] {
  const path = `settings[${index}]`;
  const any =
    setting.allowedSenders === 'any'
      ? [
          warning(
            `${path}.allowedSenders`,
            '"any" lets every sender through, outside the domains as well: more open to abuse, and not recommended (SET-2).',
          ),
        ]
      : [];
  const tls = setting.requireTls
    ? [warning(`${path}.requireTls`, 'Mail servers that cannot do TLS are refused by this setting (SET-5).')]
    : [];
  const { smtpAuth } = setting.authentication;
  const plain =
    smtpAuth && !setting.requireTls
      ? [
          warning(
            `${path}.authentication.smtpAuth`,
            'AUTH is offered inside TLS only, so clients must start TLS although requireTls is off (AUT-3).',
          ),
        ]
      : [];
  return [...any, ...tls, ...plain, ...rangeWarnings(setting, path)];
}

function rangeWarnings({ authentication }: BenchFile['settings'][number], path: string): BenchNotice[] {
  return (authentication.ipRanges ?? []).flatMap(({ range }, index) => {
    const reading = readRange(range);
    if (reading.outcome === 'problem') return [];
    const at = `${path}.authentication.ipRanges[${index}].range`;
    const size = rangeSize(reading);
    const wide =
      size > wideRangeAddresses
        ? [
            warning(
              at,
              `${range} holds ${size.toLocaleString('en')} addresses: as narrow as possible is safer (SET-4).`,
            ),
          ]
        : [];
    const inside = isPrivateRange(reading)
      ? [
          warning(
            at,
            `${range} is not an address of the internet. The real service sees your public address: list that one there (SET-4).`,
          ),
        ]
      : [];
    return [...wide, ...inside];
  });
}

function noSettingEnabled({ settings }: BenchFile): BenchNotice[] {
  return settings.some(({ enabled }) => enabled)
    ? []
    : [warning('settings', 'No relay setting is enabled, so everything is refused.')];
}

/** Vault keeps relayed mail through comprehensive mail storage only (STO-1). */
function vaultWithoutStorage({ customer }: BenchFile): BenchNotice[] {
  const stored = customer.mailStorage || customer.organisationalUnits.some(({ mailStorage }) => mailStorage);
  return customer.vault && !stored
    ? [
        warning(
          'customer.vault',
          'Vault keeps relayed mail only where comprehensive mail storage is on, and it is on nowhere (STO-1).',
        ),
      ]
    : [];
}

/** A scanner is given every message whole: where it is on another machine, mail leaves this one. */
function scannersElsewhere({ filtering }: BenchFile): BenchNotice[] {
  return (['spamassassin', 'clamav'] as const).flatMap((scanner) => {
    const host = filtering[scanner]?.host;
    return host === undefined || isLoopback(host)
      ? []
      : [
          warning(
            `filtering.${scanner}.host`,
            `Every message is sent to ${host} to be looked into: it leaves this machine, and the way there is not encrypted.`,
          ),
        ];
  });
}
