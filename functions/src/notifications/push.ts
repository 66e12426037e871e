/** One push to one device. `collapseId` makes a repeated one replace the first on the device. */
export interface Push {
  token: string;
  collapseId: string;
  title: string;
  body: string;
  data: Readonly<Record<string, string>>;
  /** How long the provider may try, in seconds. */
  ttlSeconds: number;
}

export type PushResult = 'sent' | 'unregistered';

/** Throws when a later try may succeed. */
export interface PushSender {
  send(push: Push): Promise<PushResult>;
}
