package dev.holdfast.sqlite;

import dev.holdfast.jdbc.dialect.LaneHeads;
import dev.holdfast.jdbc.host.NodeFiles;
import dev.holdfast.jdbc.store.SqlJobStore;
import dev.holdfast.spi.Backups;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.StoreProvider;
import java.time.Duration;
import java.util.Optional;

/** Opens files: any address that is not a URL, and {@code jdbc:sqlite:} ones. */
public final class SqliteStoreProvider implements StoreProvider {

  @Override
  public Optional<JobStore> open(String address, OpenMode mode, Surroundings surroundings) {
    return SqliteAddress.parse(address).map(parsed -> open(parsed, mode, surroundings));
  }

  @Override
  public Optional<Backups> backups() {
    return Optional.of(new BackupFiles());
  }

  private static JobStore open(SqliteAddress address, OpenMode mode, Surroundings surroundings) {
    NativeLibrary.prepare();
    DatabaseFile file = DatabaseFile.open(address, mode);
    NodeFiles nodes = new NodeFiles(file.sideFolder(), surroundings.self(), surroundings.time());
    Doorbell doorbell = new Doorbell(file.sideFolder(), surroundings.threads(), nodes);
    LaneHeads heads = new LaneHeads(surroundings.time(), Duration.ZERO);
    SqliteDatabase database = SqliteDatabase.open(file, mode, surroundings.time(), doorbell, heads);
    return new SqlJobStore(database, new SqliteDialect(heads), nodes);
  }
}
