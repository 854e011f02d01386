package dev.holdfast.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.jdbc.host.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The SHA-256 of a backup, in a file next to it that {@code sha256sum -c} reads. A file is read
 * here only while no connection of this process has it open: closing such a read would drop
 * SQLite's locks.
 */
final class Checksum {
  private static final String ENDING = ".sha256";
  private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}) [ *].+\\R?");
  private static final int LINE_BYTES_MAX = 4_096;
  private static final int BUFFER_BYTES = 1 << 16;

  private Checksum() {}

  static Path fileOf(Path backup) {
    return backup.resolveSibling(backup.getFileName() + ENDING);
  }

  /** Computes the checksum of a file that no connection has open. */
  static String of(Path closed) throws IOException {
    return copy(closed, OutputStream.nullOutputStream());
  }

  /** Copies a file and returns the checksum of what was copied. */
  static String copy(Path from, OutputStream to) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = Files.newInputStream(from)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        to.write(buffer, 0, read);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("every Java has SHA-256: a bug", missing);
    }
  }

  /** Writes the checksum of a backup; one left by a backup that was not finished is replaced. */
  static void write(Path backup, String checksum) throws IOException {
    Path file = fileOf(backup);
    Files.deleteIfExists(file);
    Files.createFile(file, PrivateFiles.fileMode());
    Files.writeString(file, "%s  %s\n".formatted(checksum, backup.getFileName()));
    DurableFiles.sync(file);
  }

  /** Reads the checksum next to a backup; empty if there is none, or none that can be read. */
  static Optional<String> read(Path backup) throws IOException {
    Path file = fileOf(backup);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      Matcher line = LINE.matcher(new String(in.readNBytes(LINE_BYTES_MAX), UTF_8));
      return line.matches() ? Optional.of(line.group(1)) : Optional.empty();
    }
  }
}
