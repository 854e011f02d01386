package dev.holdfast.postgres;

import dev.holdfast.testkit.JobStoreContract;
import dev.holdfast.testkit.StoreUnderTest;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;

/** The newest PostgreSQL passes the chapters about queues of the contract of all stores. */
final class PostgresQueuesTest extends JobStoreContract.AboutQueues {
  @AutoClose private static final TestDatabase DATABASE = TestDatabase.on(18);

  @Override
  protected StoreUnderTest storeUnderTest(Path folder) {
    return new PostgresUnderTest(DATABASE);
  }
}
