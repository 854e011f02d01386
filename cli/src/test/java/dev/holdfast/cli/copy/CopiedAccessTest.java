package dev.holdfast.cli.copy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import dev.holdfast.cli.Cli;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.server.Server;
import dev.holdfast.server.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Access to a queue before and after it is copied: the copy admits nobody whom the source refuses.
 */
@Tag("R-44")
@Tag("R-47")
final class CopiedAccessTest {
  private static final List<String> ROUTES =
      List.of("/api/v1/status", "/api/v1/jobs", "/api/v1/audit", "/api/v1/tokens", "/healthz");
  private static final String NOBODY = "nobody";
  private static final String WRONG = "a wrong token";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "none, none, copy", "none, none, export",
    "none, own, copy", "none, own, export",
    "valid, none, copy", "valid, none, export",
    "valid, own, copy", "valid, own, export",
    "revoked, none, copy", "revoked, none, export",
    "revoked, own, copy", "revoked, own, export"
  })
  void is_nobody_to_the_copy_whom_the_source_refuses(String sources, String targets, String how)
      throws Exception {
    Cli source = new Cli(folder);
    try (Holdfast queue = source.open()) {
      queue.enqueue(NewJob.of("t", 1));
    }
    String target = folder.resolve("target.db").toString();
    Map<String, String> secrets = new LinkedHashMap<>();
    if (!sources.equals("none")) {
      secrets.put("of the source", create(source, source.db().toString()));
    }
    if (sources.equals("revoked")) {
      source.run("token", "revoke", "ops");
    }
    if (targets.equals("own")) {
      secrets.put("of the target", create(source, target));
    }
    Map<String, Integer> before = answers(source.db().toString(), secrets);

    Cli.Result copied = copy(source, target, how);

    if (copied.code() == ExitCodes.CONFLICT) {
      assertThat(sources).isNotEqualTo("none");
      assertThat(targets).isEqualTo("none");
      assertThat(answers(source.db().toString(), secrets)).isEqualTo(before);
      return;
    }
    assertThat(copied.code()).as(copied.err()).isZero();
    assertThat(answers(source.db().toString(), secrets)).as("the source").isEqualTo(before);
    answers(target, secrets)
        .forEach(
            (call, status) -> {
              if (targets.equals("own") && !call.startsWith("of the target")) {
                assertThat(status).as(call).isEqualTo(call.endsWith("/healthz") ? 200 : 401);
              } else if (targets.equals("none")) {
                assertThat(status).as(call).isEqualTo(before.get(call));
              }
            });
    boolean isOpen = sources.equals("none") && targets.equals("none");
    assertThat(answers(target, secrets).get(NOBODY + " /api/v1/jobs"))
        .isEqualTo(isOpen ? 200 : 401);
  }

  private static String create(Cli cli, String address) {
    Cli.Result made = cli.run("token", "create", "ops", "--role", "admin", "-d", address);
    assertThat(made.code()).as(made.err()).isZero();
    return made.out().strip().replaceFirst("(?s).*(hf_\\S+).*", "$1");
  }

  private Cli.Result copy(Cli source, String target, String how) {
    if (how.equals("copy")) {
      return source.run("copy", "--to", target);
    }
    String file = folder.resolve("jobs.ndjson").toString();
    Cli.Result exported = source.run("export", file);
    assertThat(exported.code()).as(exported.err()).isZero();
    return source.run("import", file, "-d", target);
  }

  private static Map<String, Integer> answers(String address, Map<String, String> secrets)
      throws IOException, InterruptedException {
    Map<String, String> identities = new LinkedHashMap<>(secrets);
    identities.put(NOBODY, "");
    identities.put(WRONG, "hf_" + "a".repeat(43));
    Map<String, Integer> answers = new LinkedHashMap<>();
    HttpClient client = HttpClient.newHttpClient();
    try (Holdfast queue = Holdfast.open(address);
        Server server = Server.start(queue, ServerConfig.defaults().port(0))) {
      for (Map.Entry<String, String> identity : identities.entrySet()) {
        for (String route : ROUTES) {
          HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + route));
          if (!identity.getValue().isEmpty()) {
            request.header("Authorization", "Bearer " + identity.getValue());
          }
          answers.put(
              identity.getKey() + " " + route,
              client.send(request.build(), BodyHandlers.discarding()).statusCode());
        }
      }
    }
    return answers;
  }
}
