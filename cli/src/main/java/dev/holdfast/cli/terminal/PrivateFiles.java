package dev.holdfast.cli.terminal;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Creates files and folders that only their owner can access. */
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

  /** Creates the folder and its missing parents. */
  public static Path createFolder(Path folder) throws IOException {
    return Files.createDirectories(folder, mode("rwx------"));
  }

  /** Creates the file unless it exists. */
  public static Path createFile(Path file) throws IOException {
    try {
      return Files.createFile(file, mode("rw-------"));
    } catch (FileAlreadyExistsException there) {
      return file;
    }
  }

  /** Returns whether only its owner can access the file; true if the file system cannot tell. */
  public static boolean isPrivate(Path file) throws IOException {
    return !POSIX
        || Files.getPosixFilePermissions(file).stream()
            .allMatch(each -> each.name().startsWith("OWNER"));
  }
}
