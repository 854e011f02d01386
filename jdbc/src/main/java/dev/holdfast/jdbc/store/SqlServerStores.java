package dev.holdfast.jdbc.store;

import dev.holdfast.spi.AlertStore;
import dev.holdfast.spi.AuditLog;
import dev.holdfast.spi.LeaseKeyStore;
import dev.holdfast.spi.ServerStores;
import dev.holdfast.spi.TokenStore;
import dev.holdfast.spi.WebhookStore;

/** The parts of a store over JDBC that a server needs. */
record SqlServerStores(
    TokenStore tokens,
    LeaseKeyStore leaseKeys,
    AuditLog audit,
    WebhookStore webhooks,
    AlertStore alerts)
    implements ServerStores {

  static SqlServerStores of(Database database, Dialect dialect, Enqueues enqueues) {
    return new SqlServerStores(
        new SqlTokens(database),
        new SqlLeaseKeys(database),
        new SqlAudit(database),
        new SqlWebhooks(database, dialect, enqueues),
        new SqlAlerts(database));
  }
}
