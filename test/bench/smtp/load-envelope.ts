/** Who writes to whom under load: a registered user of the bench file, so that every limit is counted. */
export const loadEnvelope = {
  from: 'anna@example.com',
  to: 'customer@example.org',
  heloName: 'mail.example.com',
} as const;
