package dev.holdfast.postgres;

import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.test.time.MovableTime;
import dev.holdfast.testkit.WorldStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Worlds over one database, one after the other, with the same connections. */
final class TestWorlds implements AutoCloseable {
  private final TestDatabase database;
  private final PostgresAddress address;
  private final Pools pools;

  /** Creates worlds over a private database, whose commits do not wait for the disk. */
  TestWorlds() {
    database = TestDatabase.on(18);
    database.forgetDurability();
    address = PostgresAddress.parse(database.url()).orElseThrow();
    pools =
        new Pools(
            address,
            true,
            body -> {
              Thread thread = new Thread(body, "holdfast-test-pool");
              thread.setDaemon(true);
              return thread;
            });
    try (Connection connection = DriverManager.getConnection(database.url())) {
      ConnectionSession session =
          new ConnectionSession(connection, id -> id, new PostgresErrors(address));
      new Schema(address).prepare(session, OpenMode.CREATE, new MovedClock(new MovableTime()));
    } catch (SQLException failure) {
      throw new IllegalStateException(failure);
    }
  }

  /** Returns the store of the next world; the one before must be over. */
  WorldStore next(TimeSource time) {
    database.empty();
    return new PostgresWorldStore(address, pools, time);
  }

  @Override
  public void close() {
    pools.close();
    database.close();
  }
}
