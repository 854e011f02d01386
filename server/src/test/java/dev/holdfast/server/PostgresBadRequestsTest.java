package dev.holdfast.server;

import dev.holdfast.testkit.postgres.PostgresDatabases;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** On PostgreSQL, with 2,000 requests, as 10,000 take most of a minute. */
@Tag("R-50")
final class PostgresBadRequestsTest extends BadRequestsBehaviour {
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

  @Override
  int many() {
    return 2_000;
  }
}
