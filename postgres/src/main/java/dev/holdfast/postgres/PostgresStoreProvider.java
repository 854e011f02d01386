package dev.holdfast.postgres;

import dev.holdfast.jdbc.host.NodeFiles;
import dev.holdfast.jdbc.sql.ConnectionSession;
import dev.holdfast.jdbc.store.SqlJobStore;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.StoreProvider;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Opens {@code jdbc:postgresql://…}, {@code postgres://…} and {@code postgresql://…}. */
public final class PostgresStoreProvider implements StoreProvider {
  /** Treats the connection as pooled, as it only serves to find out. */
  private static final boolean MAY_BE_POOLED = true;

  private static final String STARTING = "57P03"; // cannot_connect_now
  private static final Duration START_LOOK = Duration.ofMillis(50);
  private static final Duration START_MAX = Duration.ofSeconds(10);
  private static final Duration MIGRATION_SILENCE_MAX = Duration.ofMinutes(10);

  @Override
  public Optional<JobStore> open(String address, OpenMode mode, Surroundings surroundings) {
    return PostgresAddress.parse(address)
        .map(parsed -> open(parsed, mode, surroundings, new DatabaseClock(surroundings.time())));
  }

  static JobStore open(
      PostgresAddress address, OpenMode mode, Surroundings surroundings, StoreClock clock) {
    PostgresErrors errors = new PostgresErrors(address);
    try (Connection connection = connect(address, surroundings)) {
      ServerLife server = ServerLife.behind(connection);
      ConnectionSession session = new ConnectionSession(connection, id -> id, errors);
      String identity = new Schema(address).prepare(session, mode, clock);
      Pools pools = new Pools(address, address.pooled() || server.pooled(), surroundings.threads());
      Marks marks = new Marks(surroundings.time());
      BusyLanes lanes = new BusyLanes(marks, surroundings.time());
      PostgresDatabase database =
          new PostgresDatabase(address, pools, clock, marks, lanes, identity, server, surroundings);
      NodeFiles files =
          new NodeFiles(HostFolder.of(identity), surroundings.self(), surroundings.time());
      return new SqlJobStore(
          database,
          new PostgresDialect(marks, lanes, clock),
          new PostgresLiveness(database, files, surroundings.time(), address));
    } catch (SQLException failure) {
      throw errors.meaning(failure);
    }
  }

  /** Connects. A server that is just starting says so and is given time; other errors are final. */
  private static Connection connect(PostgresAddress address, Surroundings surroundings)
      throws SQLException {
    long began = surroundings.time().ticks();
    while (true) {
      try {
        return Pools.connect(address, MAY_BE_POOLED, MIGRATION_SILENCE_MAX);
      } catch (SQLException failure) {
        boolean isStarting = STARTING.equals(failure.getSQLState());
        if (!isStarting
            || Thread.currentThread().isInterrupted()
            || surroundings.time().ticks() - began > START_MAX.toNanos()) {
          throw failure;
        }
        StoreThread.restBriefly(START_LOOK);
      }
    }
  }
}
