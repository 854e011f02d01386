package dev.holdfast.jdbc.host;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files and folders that only their owner can read. */
public final class PrivateFiles {
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private PrivateFiles() {}

  private static FileAttribute<?>[] mode(String permissions) {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  /** What a file is created with. */
  public static FileAttribute<?>[] fileMode() {
    return mode("rw-------");
  }

  /** Creates the file unless it exists. */
  public static void createFile(Path file) throws IOException {
    try {
      Files.createFile(file, fileMode());
    } catch (FileAlreadyExistsException there) {
      // as wished
    }
  }

  /** Creates the folder and those above it that are missing. */
  public static void createFolder(Path folder) throws IOException {
    Files.createDirectories(folder, mode("rwx------"));
  }
}
