package dev.holdfast.test.memory;

import dev.holdfast.spi.server.AlertStore;
import dev.holdfast.spi.server.AuditLog;
import dev.holdfast.spi.server.LeaseKeyStore;
import dev.holdfast.spi.server.ServerStores;
import dev.holdfast.spi.server.TokenStore;
import dev.holdfast.spi.server.WebhookStore;

/** The parts of a memory store that a server needs. */
final class MemoryServerStores implements ServerStores {
  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryServerStores(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public LeaseKeyStore leaseKeys() {
    return new MemoryLeaseKeys(store, tables);
  }

  @Override
  public TokenStore tokens() {
    return new MemoryTokens(store, tables);
  }

  @Override
  public AuditLog audit() {
    return new MemoryAudit(store, tables);
  }

  @Override
  public WebhookStore webhooks() {
    return new MemoryWebhooks(store, tables);
  }

  @Override
  public AlertStore alerts() {
    return new MemoryAlerts(store, tables);
  }
}
