package dev.holdfast.postgres;

import dev.holdfast.jdbc.host.NodeFiles;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.SqlJobStore;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.StoreProvider;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/** Opens {@code jdbc:postgresql://…}, {@code postgres://…} and {@code postgresql://…}. */
public final class PostgresStoreProvider implements StoreProvider {
  private static final Duration MIGRATION_SILENCE_MAX = Duration.ofMinutes(10);

  @Override
  public Optional<JobStore> open(String address, OpenMode mode, Surroundings surroundings) {
    return PostgresAddress.parse(address)
        .map(parsed -> open(parsed, mode, surroundings, new DatabaseClock(surroundings.time())));
  }

  static JobStore open(
      PostgresAddress address, OpenMode mode, Surroundings surroundings, StoreClock clock) {
    PostgresErrors errors = new PostgresErrors(address);
    try (Connection connection = Pools.connect(address, address.pooled(), MIGRATION_SILENCE_MAX)) {
      boolean pooled = address.pooled() || Server.behind(connection).pooled();
      Session session = new Session(connection, id -> id, errors::meaning);
      String identity = new Schema(address).prepare(session, mode, clock);
      Pools pools = new Pools(address, pooled, surroundings.threads());
      Marks marks = new Marks(surroundings.time());
      PostgresDatabase database =
          new PostgresDatabase(address, pools, clock, marks, identity, surroundings);
      NodeFiles files =
          new NodeFiles(HostFolder.of(identity), surroundings.self(), surroundings.time());
      return new SqlJobStore(
          database,
          new PostgresDialect(marks),
          new PostgresLiveness(database, files, surroundings.time(), address));
    } catch (SQLException failure) {
      throw errors.meaning(failure);
    }
  }
}
