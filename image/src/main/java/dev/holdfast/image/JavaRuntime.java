package dev.holdfast.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Properties;

/** The Java of this build, with the modules that the program and a look into its process need. */
final class JavaRuntime {
  /** Its folder in the image. */
  static final String HOME = "/opt/java";

  private static final String MODULES =
      String.join(
          ",",
          "java.base",
          "java.desktop", // JavaBeans, which Jackson looks for
          "java.logging",
          "java.management",
          "java.naming",
          "java.net.http",
          "java.security.jgss",
          "java.security.sasl",
          "java.sql",
          "java.transaction.xa",
          "java.xml",
          "jdk.crypto.ec",
          "jdk.jcmd",
          "jdk.jfr",
          "jdk.management",
          "jdk.naming.dns",
          "jdk.unsupported",
          "jdk.zipfs");

  private JavaRuntime() {}

  /**
   * Makes it in a folder that does not exist yet. In a process of its own, because within one the
   * second result of jlink can differ from the first.
   *
   * @return that folder
   */
  static Path make(Path folder) throws IOException, InterruptedException {
    Path jlink = Path.of(System.getProperty("java.home"), "bin", "jlink");
    if (!Files.isExecutable(jlink)) {
      throw new IOException("there is no %s: build with a JDK, not with a JRE".formatted(jlink));
    }
    Process process =
        new ProcessBuilder(
                jlink.toString(),
                "--add-modules",
                MODULES,
                "--strip-java-debug-attributes",
                "--no-header-files",
                "--no-man-pages",
                "--output",
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException("jlink ended with %d: %s".formatted(code, said));
    }
    addCertificates(folder);
    return folder;
  }

  /**
   * Returns the name of a file in the program's folder that keeps the launcher from making an
   * archive of class data at each start of a container, if the file is empty.
   */
  static String noArchive(Path folder) throws IOException {
    Properties release = new Properties();
    try (Reader reader = Files.newBufferedReader(folder.resolve("release"))) {
      release.load(reader);
    }
    String version = release.getProperty("JAVA_VERSION");
    return "cds-%s.jsa"
        .formatted(release.getProperty("JAVA_RUNTIME_VERSION", version).replace("\"", ""));
  }

  /** Adds the authorities that this Java trusts: packages of Debian keep them outside of it. */
  private static void addCertificates(Path folder) throws IOException {
    Path trusted = Path.of(System.getProperty("java.home"), "lib", "security", "cacerts");
    Path target = folder.resolve("lib").resolve("security").resolve("cacerts");
    Files.copy(trusted.toRealPath(), target, StandardCopyOption.REPLACE_EXISTING);
  }
}
