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
 * The files that receive one attempt's output, readable by their owner only. The process writes
 * them directly, so no thread has to copy its output.
 */
public final class Spool implements AutoCloseable {
  /** The size of the part that is stored in the database. */
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

  /** Creates files that are deleted when the attempt has ended. */
  public static Spool brief(Path folder, JobId job, long token) throws IOException {
    return open(folder, job, token, false);
  }

  /** Creates files that stay for somebody else to read and delete. */
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

  /** Returns the file of standard output. */
  Path out() {
    return name.out(folder);
  }

  /** Returns the file of standard error. */
  Path err() {
    return name.err(folder);
  }

  /** Writes the standard input of the program. @return the file */
  Path in(String text) throws IOException {
    return Files.writeString(Files.createFile(name.in(folder), PRIVATE), text);
  }

  /** Returns the end of a file as text; invalid UTF-8 is replaced. */
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

  /** Deletes the files, unless they are kept. */
  @Override
  public void close() throws IOException {
    if (isKept) {
      Files.deleteIfExists(name.in(folder));
    } else {
      name.delete(folder);
    }
  }

  /** Returns the attempts that have files in {@code folder} now. */
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
   * The attempt that files belong to, as encoded in their names.
   *
   * @param job the job
   * @param token the fencing token of the attempt
   */
  public record Name(JobId job, long token) {
    private static final String OUT = ".out";

    /** Parses the name of an attempt's output file; empty for any other file. */
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

    /** Returns the file of the attempt's standard output in {@code folder}. */
    public Path out(Path folder) {
      return folder.resolve(job + "." + token + OUT);
    }

    /** Returns the file of the attempt's standard error in {@code folder}. */
    public Path err(Path folder) {
      return folder.resolve(job + "." + token + ".err");
    }

    private Path in(Path folder) {
      return folder.resolve(job + "." + token + ".in");
    }

    /**
     * Deletes all files of the attempt in {@code folder}; the output last, as it identifies them.
     */
    public void delete(Path folder) throws IOException {
      Files.deleteIfExists(in(folder));
      Files.deleteIfExists(err(folder));
      Files.deleteIfExists(out(folder));
    }
  }
}
