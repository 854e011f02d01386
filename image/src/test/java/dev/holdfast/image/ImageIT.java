package dev.holdfast.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.TarImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image of the packaged program: its files, its settings, and the program that runs in it. */
@Tag("slow")
class ImageIT {
  private static final Instant TIME = Instant.parse("2026-11-01T00:00:00Z");
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path BUILT = ROOT.resolve("cli").resolve("target");

  @TempDir private static Path folder;
  private static Path tar = Path.of("");
  private static ImageFile image = ImageFile.NONE;

  @BeforeAll
  static void build() throws Exception {
    tar = build("first", ImageBuilder.SCRATCH);
    image = ImageFile.read(tar);
  }

  private static Path build(String name, String base) throws Exception {
    Path file = folder.resolve(name + ".tar");
    Path work = folder.resolve(name);
    ImageBuilder.main(
        new String[] {
          ROOT.resolve("holdfast").toString(),
          BUILT.toString(),
          "1.2.3",
          base,
          TIME.toString(),
          work.toString(),
          file.toString()
        });
    return file;
  }

  private static Map<String, ImageFile.Entry> filesBelow(String path) {
    Map<String, ImageFile.Entry> found = new TreeMap<>();
    image.entries().stream()
        .filter(entry -> entry.path().startsWith(path) && !entry.isFolder())
        .forEach(entry -> found.put(entry.path().substring(path.length()), entry));
    return found;
  }

  private static ImageFile.Entry entry(String path) {
    return image.entries().stream()
        .filter(entry -> entry.path().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError("there is no " + path));
  }

  @Test
  void is_started_by_its_name_as_a_user_who_is_not_root() {
    assertThat(image.setting("Entrypoint")).isEqualTo("[\"holdfast\"]");
    assertThat(image.setting("User")).isEqualTo("\"10001:10001\"");
    assertThat(image.setting("WorkingDir")).isEqualTo("\"/data\"");
    assertThat(image.setting("Volumes")).isEqualTo("{\"/data\":{}}");
    assertThat(image.setting("ExposedPorts")).isEqualTo("{\"8484/tcp\":{}}");
    assertThat(image.setting("Labels"))
        .contains("\"org.opencontainers.image.version\":\"1.2.3\"", "Apache-2.0");
  }

  @Test
  void says_nothing_about_the_machine_that_built_it() {
    assertThat(image.setting("Env"))
        .contains("HOLDFAST_DB=/data/holdfast.db", "JAVA_HOME=/opt/java")
        .doesNotContain(System.getProperty("user.home"), ROOT.toString());
    assertThat(image.entries())
        .extracting(ImageFile.Entry::path)
        .noneMatch(path -> path.matches(".*(\\.git|\\.m2|\\.ssh|\\.pem|\\.p12|password.*|token)"))
        .noneMatch(path -> path.startsWith("home/") || path.startsWith("root/"));
    assertThat(entry("etc/passwd").text())
        .isEqualTo("root:x:0:0::/:/bin/sh\nholdfast:x:10001:10001::/data:/bin/sh\n");
  }

  @Test
  void has_the_program_as_it_was_built() throws IOException {
    assertThat(entry("opt/holdfast/bin/holdfast").content())
        .isEqualTo(Files.readAllBytes(ROOT.resolve("holdfast")));
    assertThat(entry("opt/holdfast/holdfast-cli.jar").content())
        .isEqualTo(Files.readAllBytes(BUILT.resolve("holdfast-cli.jar")));
    try (Stream<Path> jars = Files.list(BUILT.resolve("lib"))) {
      assertThat(filesBelow("opt/holdfast/lib/").keySet())
          .containsExactlyInAnyOrderElementsOf(
              jars.map(jar -> jar.getFileName().toString()).toList());
    }
  }

  @Test
  void can_be_changed_by_nobody_but_root_except_for_its_data() {
    assertThat(image.entries())
        .filteredOn(entry -> !List.of("data/", "tmp/").contains(entry.path()))
        .isNotEmpty()
        .allMatch(entry -> entry.user() == 0 && entry.group() == 0)
        .allMatch(entry -> List.of(0755, 0644).contains(entry.mode()));
    assertThat(entry("data/"))
        .extracting(ImageFile.Entry::user, ImageFile.Entry::group, ImageFile.Entry::mode)
        .containsExactly(10001L, 10001L, 0700);
  }

  @Test
  void has_one_time_and_the_same_bytes_each_time() throws Exception {
    assertThat(image.created()).isEqualTo(TIME.toString());
    assertThat(image.entries())
        .filteredOn(entry -> !entry.isFolder())
        .allMatch(entry -> entry.time().equals(TIME));

    assertThat(build("second", ImageBuilder.SCRATCH)).hasSameBinaryContentAs(tar);
  }

  @Test
  void can_be_made_on_another_image() throws Exception {
    Path base = folder.resolve("base.tar");
    var unused =
        Jib.fromScratch()
            .addEnvironmentVariable("PATH", "/elsewhere")
            .addLayer(List.of(ROOT.resolve("LICENSE")), "/base")
            .containerize(Containerizer.to(TarImage.at(base).named("base")));

    ImageFile other = ImageFile.read(build("other", "tar://" + base));

    assertThat(other.entries())
        .extracting(ImageFile.Entry::path)
        .contains("base/LICENSE", "opt/holdfast/holdfast-cli.jar", "usr/local/bin/holdfast")
        .noneMatch(path -> path.startsWith("opt/java/") || path.startsWith("etc/"));
    assertThat(other.setting("Entrypoint")).isEqualTo("[\"holdfast\"]");
    assertThat(other.setting("User")).isEqualTo("\"10001:10001\"");
    assertThat(other.setting("Env")).contains("PATH=/elsewhere").doesNotContain("JAVA_HOME");
  }

  @Test
  void is_not_made_without_a_program() {
    assertThatThrownBy(() -> new Program(ROOT.resolve("holdfast"), folder.resolve("none"), "1.2.3"))
        .hasMessageContaining("no holdfast-cli.jar")
        .hasMessageContaining("mvn -Pdist package");
  }

  @Nested
  class Its_program {
    /** Runs a script in the image's files, as far as a user without rights can make a container. */
    private String run(String script) throws Exception {
      Path root = folder.resolve("root");
      if (Files.notExists(root)) {
        image.unpack(root);
        Files.createDirectories(root.resolve("proc"));
        Files.createDirectories(root.resolve("dev"));
      }
      String enter =
          "mount --rbind /dev dev && mount --rbind /proc proc && exec env -i HOME=/data"
              + " JAVA_HOME=/opt/java PATH=/usr/local/bin:/opt/java/bin:/bin"
              + " HOLDFAST_DB=/data/holdfast.db /usr/sbin/chroot . /bin/sh -c \"$1\"";
      Process process =
          new ProcessBuilder("unshare", "-Urm", "sh", "-c", enter, "sh", script)
              .directory(root.toFile())
              .redirectErrorStream(true)
              .start();
      String said = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      return said;
    }

    @Test
    void starts() throws Exception {
      assertThat(run("holdfast --version")).startsWith("holdfast ");
    }

    @Test
    void runs_a_job_in_a_queue_of_its_own() throws Exception {
      String said =
          run(
              "holdfast enqueue --type exec --payload '{\"argv\":[\"/bin/sh\",\"-c\",\"exit 0\"]}'"
                  + " && holdfast work --until-empty && holdfast list");

      assertThat(said).contains("COMPLETED");
    }

    @Test
    void makes_no_archive_of_class_data() throws Exception {
      assertThat(run("holdfast --version; test ! -e /data/.cache/holdfast/cds-* && echo none"))
          .endsWith("none\n");
    }

    @Test
    void shows_its_threads() throws Exception {
      assertThat(run("jcmd -l")).contains("jdk.jcmd");
    }

    @Test
    void knows_the_authorities_of_the_internet() throws Exception {
      assertThat(run("test -s /opt/java/lib/security/cacerts && echo yes")).isEqualTo("yes\n");
    }
  }
}
