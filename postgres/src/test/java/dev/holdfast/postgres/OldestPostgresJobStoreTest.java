package dev.holdfast.postgres;

import dev.holdfast.testkit.JobStoreContract;
import dev.holdfast.testkit.StoreUnderTest;
import java.nio.file.Path;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;

/** The oldest PostgreSQL that every build tests passes the contract of all stores. */
@Tag("slow")
final class OldestPostgresJobStoreTest extends JobStoreContract {
  @AutoClose private static final TestDatabase DATABASE = TestDatabase.on(15);

  @Override
  protected StoreUnderTest storeUnderTest(Path folder) {
    return new PostgresUnderTest(DATABASE);
  }
}
