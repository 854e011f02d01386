package dev.holdfast.postgres;

import dev.holdfast.error.StorageException;
import dev.holdfast.jdbc.host.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder in which processes of one user on this host keep the files of their nodes: in the
 * temporary folder, as that is local and does not survive a reboot.
 */
final class HostFolder {
  private HostFolder() {}

  /**
   * Returns the folder of the queue with this identity. Others may write to the parent folder, so
   * the owner is checked.
   */
  static Path of(String identity) {
    String user = System.getProperty("user.name");
    Path own =
        Path.of(System.getProperty("java.io.tmpdir"))
            .resolve("holdfast-" + user.replaceAll("[^A-Za-z0-9_.-]", "_"));
    try {
      PrivateFiles.createFolder(own);
      if (!Files.isDirectory(own, java.nio.file.LinkOption.NOFOLLOW_LINKS)
          || !Files.getOwner(own).getName().equals(user)) {
        throw new StorageException(
            "'%s' belongs to another user: remove it, or set another folder with -Djava.io.tmpdir"
                .formatted(own));
      }
    } catch (IOException failure) {
      throw new StorageException(
          "the folder '%s' cannot be created (%s): set another one with -Djava.io.tmpdir"
              .formatted(own, failure.getMessage()),
          failure);
    }
    return own.resolve(identity);
  }
}
