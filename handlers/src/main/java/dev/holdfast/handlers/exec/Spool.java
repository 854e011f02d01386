package dev.holdfast.handlers.exec;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.JobId;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files that one attempt's output goes to, readable by their owner alone. The process writes
 * them by itself, so no thread has to carry its output.
 */
public final class Spool implements AutoCloseable {
  /** How much of a file is kept in the database. */
  static final int TAIL_BYTES_MAX = 64 << 10;

  private static final FileAttribute<?>[] PRIVATE =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
          }
          : new FileAttribute<?>[0];

  private final Name name;
  private final Path folder;
  private final boolean isKept;

  private Spool(Name name, Path folder, boolean isKept) {
    this.name = name;
    this.folder = folder;
    this.isKept = isKept;
  }

  /** Files that are deleted when the attempt has ended. */
  public static Spool brief(Path folder, JobId job, long token) throws IOException {
    return open(folder, job, token, false);
  }

  /** Files that stay for somebody else to read and delete. */
  public static Spool kept(Path folder, JobId job, long token) throws IOException {
    return open(folder, job, token, true);
  }

  private static Spool open(Path folder, JobId job, long token, boolean isKept) throws IOException {
    Spool spool = new Spool(new Name(job, token), folder, isKept);
    spool.name.delete(folder);
    Files.createFile(spool.out(), PRIVATE);
    Files.createFile(spool.err(), PRIVATE);
    return spool;
  }

  /** Where the program's output goes. */
  Path out() {
    return name.out(folder);
  }

  /** Where the program's messages go. */
  Path err() {
    return name.err(folder);
  }

  /** Writes what the program shall read. @return the file */
  Path in(String text) throws IOException {
    return Files.writeString(Files.createFile(name.in(folder), PRIVATE), text);
  }

  /** The end of a file, as text: what is no UTF-8 is replaced. */
  static Tail tail(Path file) throws IOException {
    try (RandomAccessFile content = new RandomAccessFile(file.toFile(), "r")) {
      long size = content.length();
      byte[] bytes = new byte[(int) Math.min(size, TAIL_BYTES_MAX)];
      content.seek(size - bytes.length);
      content.readFully(bytes);
      boolean isCut = size > TAIL_BYTES_MAX;
      int start = isCut ? restOfCharacter(bytes) : 0;
      return new Tail(new String(bytes, start, bytes.length - start, UTF_8), isCut);
    }
  }

  private static int restOfCharacter(byte[] bytes) {
    int rest = 0;
    while (rest < 3 && (bytes[rest] & 0xC0) == 0x80) {
      rest++;
    }
    return rest;
  }

  /** Deletes the files, unless they are kept for somebody else. */
  @Override
  public void close() throws IOException {
    if (isKept) {
      Files.deleteIfExists(name.in(folder));
    } else {
      name.delete(folder);
    }
  }

  /** Whose files lie in {@code folder}, at this moment. */
  public static List<Name> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.flatMap(file -> Name.of(file).stream()).toList();
    }
  }

  /**
   * The end of a file.
   *
   * @param text its end
   * @param isCut whether there was more before it
   */
  record Tail(String text, boolean isCut) {}

  /**
   * Whose files they are; it is told by their names.
   *
   * @param job the job
   * @param token the fencing token of the attempt
   */
  public record Name(JobId job, long token) {
    private static final String OUT = ".out";

    /** Reads it off the file of an attempt's output; empty for any other file. */
    public static Optional<Name> of(Path file) {
      String text = file.getFileName().toString();
      String[] parts = text.split("\\.", -1);
      if (parts.length != 3 || !text.endsWith(OUT)) {
        return Optional.empty();
      }
      try {
        return Optional.of(new Name(JobId.parse(parts[0]), Long.parseLong(parts[1])));
      } catch (RuntimeException notOurs) {
        return Optional.empty();
      }
    }

    /** The file of the attempt's output in {@code folder}. */
    public Path out(Path folder) {
      return folder.resolve(job + "." + token + OUT);
    }

    /** The file of the attempt's messages in {@code folder}. */
    public Path err(Path folder) {
      return folder.resolve(job + "." + token + ".err");
    }

    private Path in(Path folder) {
      return folder.resolve(job + "." + token + ".in");
    }

    /** Deletes all files of the attempt in {@code folder}; the output last, as it tells of them. */
    public void delete(Path folder) throws IOException {
      Files.deleteIfExists(in(folder));
      Files.deleteIfExists(err(folder));
      Files.deleteIfExists(out(folder));
    }
  }
}
