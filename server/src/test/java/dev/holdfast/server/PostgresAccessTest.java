package dev.holdfast.server;

import dev.holdfast.testkit.postgres.PostgresDatabases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** On PostgreSQL. */
@Tag("R-50")
final class PostgresAccessTest extends AccessBehaviour {
  private final PostgresDatabases databases = PostgresDatabases.shared(18);
  private final String address = databases.create();

  @AfterEach
  void drop() {
    databases.drop(address);
  }

  @Override
  String address() {
    return address;
  }
}
