package dev.holdfast.spring;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** In transactions on a file of SQLite. */
class SqliteStepsInTransactionsTest extends StepsInTransactions {
  @TempDir private Path folder;

  @Override
  String address() {
    return folder.resolve("jobs.db").toString();
  }

  @Override
  String url() {
    return "jdbc:sqlite:" + address() + "?busy_timeout=10000&transaction_mode=IMMEDIATE";
  }
}
