package dev.holdfast.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.http.Json;
import dev.holdfast.testkit.process.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Tag("R-55")
class ExportCommandTest {
  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void nameDatabase() {
    cli = new Cli(folder);
  }

  private Path file() {
    return folder.resolve("out.jsonl");
  }

  private List<JsonNode> exported() throws Exception {
    return jobs(Files.readAllLines(file()));
  }

  /** Returns the lines between the first and the last one. */
  private static List<JsonNode> jobs(List<String> lines) {
    assertThat(lines.get(0)).startsWith("{\"holdfast_export\":1,\"version\":");
    assertThat(lines.get(lines.size() - 1))
        .isEqualTo("{\"end\":true,\"jobs\":%d,\"keys\":0}".formatted(lines.size() - 2));
    return lines.subList(1, lines.size() - 1).stream()
        .map(line -> Json.read("a line", line))
        .toList();
  }

  @Test
  void writes_jobs_with_all_that_belongs_to_them() throws Exception {
    CountDownLatch saved = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (Holdfast holdfast = cli.open()) {
      holdfast.handle(
          "t",
          Object.class,
          (payload, job) -> {
            job.log("hello");
            job.checkpoint("page", List.of(7));
            job.progress(5, "soon");
            saved.countDown();
            end.await();
            return 1;
          });
      holdfast.start();
      holdfast.enqueue(NewJob.of("t", List.of("ü", 1.50)));
      saved.await();
      Eventually.is("the line is stored", () -> !cli.run("logs").out().isEmpty());

      Cli.Result result = cli.run("export", file().toString());

      assertThat(result.code()).isZero();
      assertThat(result.out()).isEmpty();
      assertThat(result.err()).isEqualTo("holdfast: exported 1 job\n");
      end.countDown();
    }
    JsonNode job = exported().get(0);
    assertThat(job.get("payload").toString()).isEqualTo("[\"ü\",1.5]");
    assertThat(job.has("payload_text")).isFalse();
    assertThat(job.get("payload_version").intValue()).isEqualTo(1);
    assertThat(job.get("state").stringValue()).isEqualTo("RUNNING");
    assertThat(job.get("checkpoints").get(0).get("name").stringValue()).isEqualTo("page");
    assertThat(job.get("checkpoints").get(0).get("state").toString()).isEqualTo("[7]");
    assertThat(job.get("logs").get(0).get("message").stringValue()).isEqualTo("hello");
    assertThat(job.propertyNames()).containsAll(cli.run("list", "--json").json().propertyNames());
  }

  @Test
  void writes_every_job_once_and_those_that_match() throws Exception {
    try (Holdfast holdfast = cli.open()) {
      holdfast
          .queue()
          .enqueue(
              IntStream.range(0, 950)
                  .mapToObj(i -> NewJob.of("t", i).on(i % 2 == 0 ? "even" : "odd"))
                  .toList());
    }

    cli.run("export", file().toString());

    assertThat(exported().stream().map(job -> job.get("payload").intValue()))
        .containsExactlyElementsOf(IntStream.range(0, 950).boxed().toList());
    assertThat(jobs(cli.run("export", "-", "--queue", "odd").lines())).hasSize(475);
    assertThat(jobs(cli.run("export", "-", "--state", "FAILED").lines())).isEmpty();
    assertThat(jobs(cli.run("export", "-", "--state", "PENDING").lines())).hasSize(950);
  }

  @Test
  void keeps_the_file_private_and_overwrites_none_by_itself() throws Exception {
    cli.run("enqueue", "--type", "t");
    cli.run("export", file().toString());
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-------");
    cli.run("enqueue", "--type", "t");

    Cli.Result refused = cli.run("export", file().toString());

    assertThat(refused.code()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(refused.err())
        .isEqualTo(
            "holdfast: '%s' exists: specify another file, or replace it with --force\n"
                .formatted(file()));
    assertThat(exported()).hasSize(1);
    assertThat(cli.run("export", file().toString(), "--force").code()).isZero();
    assertThat(exported()).hasSize(2);
    assertThat(folder.toFile().list()).noneMatch(name -> name.contains(".part"));
  }

  @Test
  void reports_what_is_wrong_with_the_target() {
    Cli.Result none = cli.run("export", file().toString());
    assertThat(none.code()).isEqualTo(ExitCodes.NOT_FOUND);
    assertThat(folder).isEmptyDirectory();
    cli.run("enqueue", "--type", "t");

    assertThat(cli.run("export").code()).isEqualTo(ExitCodes.USAGE);
    Cli.Result nowhere = cli.run("export", folder.resolve("none/out").toString());
    assertThat(nowhere.code()).isEqualTo(ExitCodes.IO);
    assertThat(nowhere.err()).hasLineCount(1);
    Cli.Result onFolder = cli.run("export", folder.toString(), "--force");
    assertThat(onFolder.code()).isEqualTo(ExitCodes.CONFLICT);
    assertThat(onFolder.err()).contains("is a directory: specify a file");
    assertThat(folder).isNotEmptyDirectory();
  }
}
