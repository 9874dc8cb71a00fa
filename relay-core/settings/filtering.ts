/** The customer's filtering settings (FIL-2, FIL-3), as the bench file gives them. Data only. */

/** Where a scanner listens, and how long its answer may take. */
export interface ScannerAddress {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

/** A content rule: what it looks at, the expression it looks for, and what follows when it is found (FIL-2). */
export interface ComplianceRule {
  readonly description: string;
  readonly match: 'subject' | 'body' | 'attachment-type';
  /** A regular expression in RE2 syntax. */
  readonly pattern: string;
  readonly action:
    | { readonly kind: 'reject' }
    | { readonly kind: 'footer' /** Plain text. */; readonly footer: string };
}

export interface Filtering {
  readonly spamassassin: ScannerAddress | null;
  readonly clamav: ScannerAddress | null;
  /** What becomes of a message when a scanner does not answer. */
  readonly whenScannerFails: 'defer' | 'pass';
  /** In order; the first that rejects ends it. */
  readonly compliance: readonly ComplianceRule[];
}
