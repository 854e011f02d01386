package dev.holdfast.sqlite;

import dev.holdfast.jdbc.host.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * Unpacks SQLite's native library once into a private folder. By default the driver unpacks it into
 * the public temporary folder at each start, and leaves it there when the process is killed.
 *
 * <p>If the driver's own properties are set, or the private folder cannot be used, the driver keeps
 * its default.
 */
final class NativeLibrary {
  private static final Logger log = LoggerFactory.getLogger(NativeLibrary.class);
  private static final String LIBRARY_FOLDER = "org.sqlite.lib.path";
  private static final String LIBRARY_NAME = "org.sqlite.lib.name";
  private static final String TEMPORARY_FOLDER = "org.sqlite.tmpdir";

  private static final ReentrantLock LOCK = new ReentrantLock();

  private NativeLibrary() {}

  static void prepare() {
    LOCK.lock();
    try {
      prepareOnce();
    } finally {
      LOCK.unlock();
    }
  }

  private static void prepareOnce() {
    if (System.getProperty(LIBRARY_FOLDER) != null
        || System.getProperty(TEMPORARY_FOLDER) != null) {
      return;
    }
    try {
      String name = LibraryLoaderUtil.getNativeLibName();
      String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
      Path folder = folder();
      unpack(resource, folder.resolve(name));
      System.setProperty(LIBRARY_FOLDER, folder.toString());
      System.setProperty(LIBRARY_NAME, name);
    } catch (IOException | RuntimeException failure) {
      log.debug("The private folder of the native library cannot be used.", failure);
    }
  }

  private static Path folder() throws IOException {
    Path cache =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .filter(set -> !set.isBlank())
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home"), ".cache"));
    Path folder = cache.resolve("holdfast").resolve("sqlite-" + SQLiteJDBCLoader.getVersion());
    PrivateFiles.createFolder(folder);
    if (!Files.getOwner(folder).getName().equals(System.getProperty("user.name"))) {
      throw new IOException("the folder " + folder + " belongs to somebody else");
    }
    return folder;
  }

  /** Unpacks and renames, so that no other process sees a partial file. */
  private static void unpack(String resource, Path target) throws IOException {
    try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("the driver has no " + resource);
      }
      if (Files.exists(target) && Files.size(target) == in.available()) {
        return;
      }
      Path part = Files.createTempFile(target.getParent(), "unpack", "", PrivateFiles.fileMode());
      try {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    }
  }
}
