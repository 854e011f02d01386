package dev.holdfast.benchmarks.postgres.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** Connections for peers that want a pool. */
final class Pools {
  private Pools() {}

  /** Batches become multi-row statements, which both peers gain from. */
  static HikariDataSource open(String address, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(address + "&reWriteBatchedInserts=true");
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }
}
