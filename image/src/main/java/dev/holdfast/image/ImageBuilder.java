package dev.holdfast.image;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import com.google.cloud.tools.jib.api.buildplan.Port;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** Writes the container image of the program to a file, as an OCI image layout in a tar. */
public final class ImageBuilder {
  /** The base that is empty. */
  static final String SCRATCH = "scratch";

  /** The user and group of the program; a number, so that a cluster sees that it is not root. */
  static final String USER = "10001:10001";

  private static final AbsoluteUnixPath DATA = AbsoluteUnixPath.get("/data");
  private static final int PORT = 8484;

  private final Path work;
  private final Instant time;

  /**
   * @param work an empty folder for what is made on the way
   * @param time the time of the image and of everything in it
   */
  ImageBuilder(Path work, Instant time) {
    this.work = work;
    this.time = time;
  }

  /**
   * Builds an image.
   *
   * @param args the launcher; the folder of {@code holdfast-cli.jar} and {@code lib}; the version;
   *     the base, as {@link #build} takes it; the time; a folder for what is made on the way, whose
   *     old content is ignored; the file to write
   */
  public static void main(String[] args) throws Exception {
    if (args.length != 7) {
      throw new IllegalArgumentException(
          "7 arguments were expected – LAUNCHER PROGRAM VERSION BASE TIME WORK IMAGE – and not %d"
              .formatted(args.length));
    }
    Path work = Files.createTempDirectory(Files.createDirectories(Path.of(args[5])), "image");
    Program program = new Program(Path.of(args[0]), Path.of(args[1]), args[2]);
    new ImageBuilder(work, Instant.parse(args[4])).build(program, args[3], Path.of(args[6]));
  }

  /**
   * Builds an image of a program.
   *
   * @param base {@code scratch}; the name of an image in a registry; or {@code tar://} and the path
   *     of what {@code docker save} has written. Any but {@code scratch} must have a shell and, in
   *     its {@code PATH}, a Java 17 or newer
   */
  void build(Program program, String base, Path image) throws Exception {
    boolean isScratch = base.equals(SCRATCH);
    JibContainerBuilder builder = isScratch ? fromScratch() : Jib.from(base);
    addProgram(builder, program);
    Containerizer target =
        Containerizer.to(TarImage.at(image).named("holdfast:" + program.version()))
            .setToolName("holdfast")
            .setApplicationLayersCache(work.resolve("layers"))
            .setBaseImageLayersCache(work.resolve("base"))
            .setOfflineMode(isScratch);
    var unused = builder.containerize(target);
  }

  private JibContainerBuilder fromScratch() throws IOException, InterruptedException {
    Path java = JavaRuntime.make(work.resolve("java"));
    Path noArchive = Files.createFile(work.resolve("archive"));
    Layer runtime =
        new Layer("java", time)
            .folder(java, JavaRuntime.HOME)
            .file(noArchive, Program.HOME + "/" + JavaRuntime.noArchive(java));
    return Jib.fromScratch()
        .setPlatforms(Set.of(new Platform(architecture(), "linux")))
        .addFileEntriesLayer(SystemFiles.layer(java, work.resolve("system"), time))
        .addFileEntriesLayer(runtime.build())
        .addEnvironmentVariable("JAVA_HOME", JavaRuntime.HOME)
        .addEnvironmentVariable("PATH", "/usr/local/bin:%s/bin:/bin".formatted(JavaRuntime.HOME));
  }

  /** Returns this machine's architecture, by the name that images use. */
  private static String architecture() {
    String name = System.getProperty("os.arch");
    return name.equals("aarch64") ? "arm64" : name;
  }

  private void addProgram(JibContainerBuilder builder, Program program) throws IOException {
    Layer files = new Layer("holdfast", time);
    program.addTo(files, work);
    files.folder(Files.createDirectories(work.resolve("data")), DATA.toString(), "700", USER);
    builder
        .addFileEntriesLayer(files.build())
        .addEnvironmentVariable("HOME", DATA.toString())
        .addEnvironmentVariable("HOLDFAST_DB", DATA + "/holdfast.db")
        .setEntrypoint("holdfast")
        .setUser(USER)
        .setWorkingDirectory(DATA)
        .setVolumes(DATA)
        .setExposedPorts(Port.tcp(PORT))
        .setLabels(labels(program.version()))
        .setCreationTime(time)
        .setFormat(ImageFormat.OCI);
  }

  private static Map<String, String> labels(String version) {
    return Map.of(
        "org.opencontainers.image.title", "Holdfast",
        "org.opencontainers.image.description", "A durable job queue on SQLite and PostgreSQL",
        "org.opencontainers.image.version", version,
        "org.opencontainers.image.licenses", "Apache-2.0",
        "org.opencontainers.image.url", "https://holdfast.dev");
  }
}
