package dev.holdfast.spring;

import dev.holdfast.testkit.postgres.PostgresDatabases;
import org.junit.jupiter.api.AfterEach;

/** In transactions on PostgreSQL. */
class PostgresStepsInTransactionsTest extends StepsInTransactions {
  private final PostgresDatabases databases = PostgresDatabases.shared(18);
  private final String url = databases.create();

  @Override
  String address() {
    return url;
  }

  @Override
  String url() {
    return url;
  }

  @AfterEach
  @Override
  void close() {
    super.close();
    databases.drop(url);
  }
}
