package dev.holdfast.postgres;

import dev.holdfast.testkit.JobStoreContract;
import dev.holdfast.testkit.StoreUnderTest;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;

/** The newest PostgreSQL passes the chapters about limits of the contract of all stores. */
final class PostgresLimitsTest extends JobStoreContract.AboutLimits {
  @AutoClose private static final TestDatabase DATABASE = TestDatabase.on(18);

  @Override
  protected StoreUnderTest storeUnderTest(Path folder) {
    return new PostgresUnderTest(DATABASE);
  }
}
