package dev.holdfast.sqlite;

import dev.holdfast.NodeId;
import dev.holdfast.jdbc.dialect.LaneHeads;
import dev.holdfast.jdbc.host.NodeFiles;
import dev.holdfast.jdbc.store.SqlJobStore;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.TimeSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Opens stores whose connections a test observes or breaks. */
final class SqliteStores {
  private static final NodeInfo SELF =
      new NodeInfo(new NodeId(new UUID(0, 1)), "a", "host", 1, 1, "boot", "pid:[1]", "test");

  private SqliteStores() {}

  /** Opens the store of a file, with connections that {@code wrap} returns. */
  static JobStore open(Path path, TimeSource time, UnaryOperator<Connection> wrap) {
    NativeLibrary.prepare();
    DatabaseFile file =
        DatabaseFile.open(SqliteAddress.parse(path.toString()).orElseThrow(), OpenMode.CREATE);
    NodeFiles nodes = new NodeFiles(file.sideFolder(), SELF, time);
    Doorbell doorbell =
        new Doorbell(file.sideFolder(), body -> new Thread(body, "holdfast-test-store"), nodes);
    LaneHeads heads = new LaneHeads(time, Duration.ZERO);
    SqliteDatabase database =
        SqliteDatabase.open(
            file,
            OpenMode.CREATE,
            time,
            doorbell,
            heads,
            (config, url) -> wrap.apply(config.createConnection(url)));
    return new SqlJobStore(database, new SqliteDialect(heads), nodes);
  }
}
