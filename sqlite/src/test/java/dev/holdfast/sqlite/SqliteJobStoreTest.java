package dev.holdfast.sqlite;

import dev.holdfast.testkit.JobStoreContract;
import dev.holdfast.testkit.StoreUnderTest;
import java.nio.file.Path;

/** SQLite passes the contract of all stores. */
final class SqliteJobStoreTest extends JobStoreContract {
  @Override
  protected StoreUnderTest storeUnderTest(Path folder) {
    return new SqliteUnderTest(folder);
  }
}
