package dev.holdfast.server;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** On SQLite. */
final class SqliteBadRequestsTest extends BadRequestsBehaviour {
  @TempDir private Path folder;

  @Override
  String address() {
    return ServedQueue.file(folder);
  }

  @Override
  int many() {
    return 10_000;
  }
}
