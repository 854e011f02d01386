package dev.holdfast.benchmarks.postgres.peers;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

/** Connection pools for peers that need one. */
final class Pools {
  private Pools() {}

  /** Opens a pool that rewrites batches to multi-row statements, from which both peers benefit. */
  static HikariDataSource open(String address, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(address + "&reWriteBatchedInserts=true");
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }
}
