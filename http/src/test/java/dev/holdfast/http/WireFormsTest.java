package dev.holdfast.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.Explanation;
import dev.holdfast.Job;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.wire.BulkOperationJson;
import dev.holdfast.http.wire.ChangedJson;
import dev.holdfast.http.wire.ExplanationJson;
import dev.holdfast.http.wire.FailureReportJson;
import dev.holdfast.http.wire.FindingJson;
import dev.holdfast.http.wire.JobEventJson;
import dev.holdfast.http.wire.JobJson;
import dev.holdfast.http.wire.JobPageJson;
import dev.holdfast.http.wire.LogLineJson;
import dev.holdfast.http.wire.NodeJson;
import dev.holdfast.http.wire.PredecessorJson;
import dev.holdfast.http.wire.QueueJson;
import dev.holdfast.http.wire.QueueSettingsJson;
import dev.holdfast.http.wire.RecoveryJson;
import dev.holdfast.http.wire.RunNextJson;
import dev.holdfast.http.wire.ScheduleFireJson;
import dev.holdfast.http.wire.ScheduleStatusJson;
import dev.holdfast.http.wire.SeriesJson;
import dev.holdfast.http.wire.StatusJson;
import dev.holdfast.http.wire.StepJson;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** The bytes of each wire form are those of {@code wire-forms.txt}, which the client reads back. */
class WireFormsTest {
  private static final Redaction NONE = Redaction.none();

  /** A value, its form, and the value that a client reads from it. */
  private record Form<T, R>(String name, T value, R record, Function<R, T> back) {
    private String json() {
      return Json.write(record);
    }

    private T read(String json) {
      return back.apply(Json.read(name, json, type()));
    }

    @SuppressWarnings("unchecked") // a record has the class of its type
    private Class<R> type() {
      return (Class<R>) record.getClass();
    }
  }

  private final List<Form<?, ?>> forms = new ArrayList<>();
  private final Map<String, String> written = new LinkedHashMap<>();

  private <T, R> void form(String name, T value, Function<T, R> of, Function<R, T> back) {
    Form<T, R> form = new Form<>(name, value, of.apply(value), back);
    forms.add(form);
    written.put(name, form.json());
  }

  WireFormsTest() {
    ofJobs();
    ofQueues();
    ofSchedulesAndFigures();
  }

  private void ofQueues() {
    form("settings", Samples.settings(), QueueSettingsJson::of, QueueSettingsJson::settings);
    form("queue", Samples.queue(), QueueJson::of, QueueJson::summary);
    form("queue, bare", Samples.bareQueue(), QueueJson::of, QueueJson::summary);
    Instant now = Samples.NOW;
    form("node", Samples.node(), node -> NodeJson.of(node, now), NodeJson::node);
    form("node, bare", Samples.bareNode(), node -> NodeJson.of(node, now), NodeJson::node);
    form(
        "status", Samples.status(), status -> StatusJson.of(status, now, NONE), StatusJson::status);
    form(
        "status, bare",
        Samples.bareStatus(),
        status -> StatusJson.of(status, now, NONE),
        StatusJson::status);
    form("finding", Samples.finding(), FindingJson::of, FindingJson::finding);
  }

  private void ofSchedulesAndFigures() {
    form("schedule", Samples.schedule(), ScheduleStatusJson::of, ScheduleStatusJson::schedule);
    form(
        "schedule, bare",
        Samples.bareSchedule(),
        ScheduleStatusJson::of,
        ScheduleStatusJson::schedule);
    form("fire", Samples.fire(), ScheduleFireJson::of, ScheduleFireJson::fire);
    form("fire, bare", Samples.missedFire(), ScheduleFireJson::of, ScheduleFireJson::fire);
    form(
        "series",
        List.of(Samples.series(), Samples.bareSeries()),
        series -> SeriesJson.of(Samples.seriesQuery(), series),
        answer -> answer.found(Samples.seriesQuery().from()));
    form("recovery", Samples.recovery(), RecoveryJson::of, RecoveryJson::recovery);
    form("recovery, bare", Samples.bareRecovery(), RecoveryJson::of, RecoveryJson::recovery);
    form("failures", Samples.failures(), FailureReportJson::of, FailureReportJson::report);
    form(
        "bulk operation",
        Samples.bulkOperation(),
        BulkOperationJson::of,
        BulkOperationJson::operation);
    form(
        "bulk operation, bare",
        Samples.bareBulkOperation(),
        BulkOperationJson::of,
        BulkOperationJson::operation);
  }

  private void ofJobs() {
    Job job = Samples.job();
    Job longJob = Samples.longJob();
    form("job", job, JobJson::of, JobJson::job);
    form("job, bare", Samples.bareJob(), JobJson::of, JobJson::job);
    Redaction secret = Redaction.of(List.of("text", "owner"));
    written.put("job, without secrets", Json.write(JobJson.of(job, secret)));
    written.put("job, listed", Json.write(JobJson.listed(job, NONE)));
    written.put("job, long", Json.write(JobJson.listed(longJob, NONE)));
    form("event", Samples.event(), JobEventJson::of, JobEventJson::event);
    form("event, bare", Samples.firstEvent(), JobEventJson::of, JobEventJson::event);
    form("log line", Samples.logLine(), LogLineJson::of, LogLineJson::line);
    form("log line, bare", Samples.bareLogLine(), LogLineJson::of, LogLineJson::line);
    form(
        "explanation",
        Samples.explanation(),
        ExplanationJson::of,
        read -> new Explanation(Samples.bareJob(), read.explained()));
    form(
        "predecessor",
        Samples.predecessor(),
        one -> PredecessorJson.of(one, NONE),
        PredecessorJson::predecessor);
    form(
        "predecessor, bare",
        Samples.openPredecessor(),
        one -> PredecessorJson.of(one, NONE),
        PredecessorJson::predecessor);
    form("step", Samples.step(), step -> StepJson.of(step, NONE), StepJson::step);
    form("step, bare", Samples.openStep(), step -> StepJson.of(step, NONE), StepJson::step);
    form("changed", Samples.changed(), ChangedJson::of, ChangedJson::changed);
    form("changed, bare", Samples.unchanged(), ChangedJson::of, ChangedJson::changed);
    form("run next", Samples.runNext(), RunNextJson::of, RunNextJson::next);
  }

  @Test
  void keep_their_bytes() throws IOException {
    String now =
        written.entrySet().stream()
            .map(form -> form.getKey() + ": " + form.getValue() + "\n")
            .collect(joining())
            .replaceAll("\"current_process_id\":\\d+", "\"current_process_id\":4711");

    try (InputStream golden = WireFormsTest.class.getResourceAsStream("wire-forms.txt")) {
      assertThat(now).isEqualTo(new String(requireNonNull(golden).readAllBytes(), UTF_8));
    }
  }

  @Test
  void are_read_as_they_were_written() {
    for (Form<?, ?> form : forms) {
      assertThat(form.read(form.json())).as(form.name).isEqualTo(form.value);
    }
  }

  @Test
  void keep_their_bytes_as_fields_of_an_object_that_has_more() {
    for (Form<?, ?> form : forms) {
      assertThat(Json.write(Json.fields(form.record))).as(form.name).isEqualTo(form.json());
    }
  }

  @Test
  void of_a_newer_server_are_read_without_what_is_new() {
    for (Form<?, ?> form : forms) {
      ObjectNode newer = (ObjectNode) Json.read(form.name, form.json());
      newer.putObject("novelty").putArray("of").add(1);

      assertThat(form.read(Json.write(newer))).as(form.name).isEqualTo(form.value);
    }
  }

  @Test
  void of_an_older_server_may_lack_fields_that_may_be_null() {
    for (Form<?, ?> form : forms) {
      ObjectNode older = (ObjectNode) Json.read(form.name, form.json());
      if (older.properties().removeIf(field -> field.getValue().isNull())) {
        assertThat(form.read(Json.write(older))).as(form.name).isEqualTo(form.value);
      }
    }
    ObjectNode changed = written("changed, bare");
    changed.remove("dependents");
    assertThat(Json.read(changed, ChangedJson.class).changed()).isEqualTo(Samples.unchanged());
  }

  private ObjectNode written(String name) {
    return (ObjectNode) Json.read(name, requireNonNull(written.get(name)));
  }

  @Test
  void a_page_is_read_as_it_was_written() {
    List<JobJson> jobs = Samples.page().items().stream().map(JobJson::of).toList();
    String searched = Json.write(JobPageJson.of(jobs, Samples.page()));
    String unsearched = Json.write(JobPageJson.unsearched(jobs, Samples.page()));

    assertThat(Json.read("a page", searched, JobPageJson.class).page()).isEqualTo(Samples.page());
    assertThat(unsearched).endsWith(",\"next\":\"01a22fcc-08c6-7000-beb2-39c674dc968a\"}");
    assertThat(Json.read("a page", unsearched, JobPageJson.class).page().complete()).isTrue();
  }

  @Test
  void that_are_not_understood_are_refused_by_the_name_of_the_field() {
    refuse("id", job -> job.put("id", "x"), "field 'id' has the value 'x'");
    refuse("state", job -> job.put("state", "LOST"), "field 'state' has the value 'LOST'");
    refuse("token", job -> job.remove("token"), "field 'token' is missing");
    refuse("queue", job -> job.putNull("queue"), "field 'queue' is missing");
    refuse("attempt", job -> job.put("attempt", 1.5), "field 'attempt' has the value '1.5'");
    refuse("lapses", job -> job.put("lapses", "1"), "field 'lapses' is missing, or of another");
    refuse("tags", job -> job.put("tags", "red"), "field 'tags' is missing, or of another type");
    refuse("kind", job -> job.putObject("failure"), "field 'failure.kind' is missing");
    for (String other : List.of("[]", "null", "3", "{} {}", "", "{")) {
      assertThatThrownBy(() -> Json.read("the answer", other, JobJson.class))
          .as(other)
          .isInstanceOf(InvalidRequestException.class);
    }
  }

  private void refuse(String field, Consumer<ObjectNode> change, String message) {
    ObjectNode job = written("job");
    change.accept(job);

    assertThatThrownBy(() -> Json.read("the answer", Json.write(job), JobJson.class))
        .as(field)
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(message);
  }
}
