package dev.holdfast.cli.work;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.http.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The options and output for requirements and capabilities. */
@Tag("R-14")
class CapabilityCommandsTest {
  private static final String NEEDS =
      "{\"gpu\": true, \"memory\": {\">=\": 16}, \"region\": {\"in\": [\"eu\", \"us\"]}}";

  @TempDir Path folder;
  Cli cli = new Cli(Path.of(""));

  @BeforeEach
  void nameDatabase() {
    cli = new Cli(folder);
  }

  private String enqueue(String requires) {
    Cli.Result enqueued =
        cli.run(
            "enqueue",
            "--type",
            "exec",
            "--payload",
            "{\"argv\":[\"true\"]}",
            "--requires",
            requires);
    assertThat(enqueued.code()).as(enqueued.err()).isZero();
    return enqueued.line();
  }

  private String state(String id) {
    return cli.run("show", id, "--json").json().get("state").stringValue();
  }

  private int work(String... more) {
    List<String> all = new ArrayList<>(List.of("work", "--until-empty"));
    all.addAll(List.of(more));
    return cli.run(all.toArray(String[]::new)).code();
  }

  @Test
  void a_job_waits_for_a_worker_that_has_what_it_requires() {
    String id = enqueue(NEEDS);
    String any = enqueue("{}");
    JsonNode shown = cli.run("show", id, "--json").json();
    assertThat(shown.get("requires")).isEqualTo(Json.read("", NEEDS));

    assertThat(work("--capability", "gpu=true", "--capability", "memory=8")).isZero();
    assertThat(state(any)).isEqualTo("COMPLETED");
    assertThat(state(id)).as("too little memory, no region").isEqualTo("PENDING");

    assertThat(
            work(
                "--capability",
                "gpu=true",
                "--capability",
                "memory=32",
                "--capability",
                "region=eu"))
        .isZero();
    assertThat(state(id)).isEqualTo("COMPLETED");
  }

  @Test
  void a_worker_may_have_them_from_its_configuration_and_an_option_takes_their_place()
      throws IOException {
    Path file = folder.resolve("config").resolve("holdfast").resolve("holdfast.yaml");
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, "worker:\n  capabilities: [gpu=true, memory=64, region=us|eu]\n");
    String id =
        enqueue("{\"gpu\": true, \"memory\": {\">=\": 16}, \"region\": {\"contains\": \"us\"}}");

    assertThat(work("--capability", "gpu=false")).isZero();
    assertThat(state(id)).as("the option takes the place of all").isEqualTo("PENDING");
    assertThat(work()).isZero();

    assertThat(state(id)).isEqualTo("COMPLETED");
  }

  @Test
  void explain_names_the_missing_capability() {
    String id = enqueue(NEEDS);
    try (Holdfast holdfast = cli.open()) {
      holdfast.handle("exec", Object.class, (payload, job) -> 1);
      holdfast.start(
          NodeConfig.defaults().capabilities(Map.of("gpu", true, "memory", 8, "region", "eu")));

      Cli.Result explained = cli.run("explain", id);

      assertThat(explained.out())
          .contains("- no living node that handles it has what it requires: memory")
          .contains("16")
          .contains("holdfast work --capability NAME=VALUE")
          .doesNotContain("gpu");
      JsonNode reason = cli.run("explain", id, "--json").json().get("reasons").get(0);
      assertThat(reason.get("code").stringValue()).isEqualTo("NO_CAPABILITY");
      assertThat(cli.run("workers", "--json").json().get("capabilities").get("memory").intValue())
          .isEqualTo(8);
    }
  }

  @Test
  void malformed_requirements_and_capabilities_are_refused() {
    Cli.Result required =
        cli.run("enqueue", "--type", "exec", "--requires", "{\"memory\": {\"~\": 16}}");
    assertThat(required.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(required.lastMessage()).contains("the required capability 'memory'");

    Cli.Result list = cli.run("enqueue", "--type", "exec", "--requires", "[1]");
    assertThat(list.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(list.lastMessage()).contains("must be a JSON object");

    Cli.Result had = cli.run("work", "--until-empty", "--capability", "gpu");
    assertThat(had.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(had.err()).contains("--capability: worker.capabilities is 'gpu'", "NAME=VALUE");
  }
}
