package dev.holdfast.spi.server;

import dev.holdfast.spi.JobStore;

/** The parts of a {@link JobStore} that only programs which serve it to others need. */
public interface ServerStores {

  /** The tokens by which a server knows its callers. */
  TokenStore tokens();

  /** The keys by which servers sign leases. */
  LeaseKeyStore leaseKeys();

  /** Returns the log of operators' actions. */
  AuditLog audit();

  /** Returns the webhooks and their deliveries. */
  WebhookStore webhooks();

  /** Returns the alert rules and alerts. */
  AlertStore alerts();
}
