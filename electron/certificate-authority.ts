/**
 * "Show Certificate Authority": what a mail server must trust before it accepts the engine's certificates, and the two
 * things one does with it. It asks the engine; it keeps nothing.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { app, clipboard, dialog } from 'electron';
import type { EngineHost } from './engine-host.ts';
import type { CertificateAuthority } from './engine-messages.ts';

const buttons = ['Save As…', 'Copy', 'Close'];

async function saveAs(pem: string): Promise<void> {
  const { filePath, canceled } = await dialog.showSaveDialog({
    defaultPath: join(app.getPath('documents'), 'relay-bench-ca.pem'),
    filters: [{ name: 'PEM certificate', extensions: ['pem', 'crt'] }],
  });
  if (canceled || filePath === '') return;
  try {
    await writeFile(filePath, pem);
  } catch (error) {
    dialog.showErrorBox(
      'The certificate could not be saved',
      error instanceof Error ? error.message : String(error),
    );
  }
}

async function show({ pem, fingerprint256, notAfter }: CertificateAuthority): Promise<void> {
  const { response } = await dialog.showMessageBox({
    type: 'info',
    title: 'Certificate Authority',
    message: 'The engine’s own certificate authority',
    detail: `A mail server that checks certificates must trust it.\n\nSHA-256 ${fingerprint256}\nValid until ${notAfter}`,
    buttons,
    defaultId: 0,
    cancelId: buttons.length - 1,
    noLink: true,
  });
  if (response === 0) await saveAs(pem);
  if (response === 1) clipboard.writeText(pem);
}

/** Shows the authority's fingerprint, and saves or copies the certificate as the person chooses. */
export async function showCertificateAuthority(engineHost: EngineHost): Promise<void> {
  const authority = await engineHost.certificateAuthority();
  if (authority) await show(authority);
  else
    dialog.showErrorBox(
      'The engine is not running',
      'Its certificate authority can be shown once it runs again.',
    );
}
