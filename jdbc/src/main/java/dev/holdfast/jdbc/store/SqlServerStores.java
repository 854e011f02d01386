package dev.holdfast.jdbc.store;

import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.server.SqlAlerts;
import dev.holdfast.jdbc.server.SqlAudit;
import dev.holdfast.jdbc.server.SqlLeaseKeys;
import dev.holdfast.jdbc.server.SqlTokens;
import dev.holdfast.spi.server.AlertStore;
import dev.holdfast.spi.server.AuditLog;
import dev.holdfast.spi.server.LeaseKeyStore;
import dev.holdfast.spi.server.ServerStores;
import dev.holdfast.spi.server.TokenStore;
import dev.holdfast.spi.server.WebhookStore;

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
