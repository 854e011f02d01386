package dev.holdfast.torture.checker;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.check.Limits;
import dev.holdfast.torture.evidence.Behaviour;
import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.evidence.Effect;
import dev.holdfast.torture.evidence.Journal;
import dev.holdfast.torture.evidence.Journal.Call;
import dev.holdfast.torture.evidence.LedgerLine;
import dev.holdfast.torture.evidence.RunFolder;
import dev.holdfast.torture.evidence.Task;
import dev.holdfast.torture.host.LineFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads the journals, the effects logs, the nemesis's log and the store into one case per job. */
final class Evidence {
  private final Map<JobId, JobCase.Asked> asked = new LinkedHashMap<>();
  private final Map<JobId, JobId> answers = new HashMap<>();
  private final Map<JobId, List<Life>> lives = new HashMap<>();
  private final Map<JobId, Job> rows = new LinkedHashMap<>();
  private final Map<JobId, List<Long>> written = new HashMap<>();
  private final Blows blows;

  /** Reads all files of a run, and the store's rows. */
  Evidence(Path folder, Holdfast holdfast) {
    RunFolder.files(folder, Journal.ENDING).stream()
        .flatMap(file -> Journal.read(file).stream())
        .forEach(this::take);
    RunFolder.files(folder, Effect.ENDING)
        .forEach(file -> take(RunFolder.processOf(file, Effect.ENDING), LineFile.read(file)));
    lives
        .values()
        .forEach(all -> all.sort(Comparator.comparing(life -> life.begin().at().ticks())));
    lines(folder.resolve(LedgerLine.FILE)).stream()
        .map(LedgerLine::parse)
        .forEach(
            row -> written.computeIfAbsent(row.job(), first -> new ArrayList<>()).add(row.token()));
    blows = new Blows(LineFile.read(folder.resolve(Blow.FILE)).stream().map(Blow::parse).toList());
    readRows(holdfast);
  }

  private static List<String> lines(Path file) {
    return Files.exists(file) ? LineFile.read(file) : List.of();
  }

  private void take(Call call) {
    for (int i = 0; i < call.tasks().size(); i++) {
      Task task = call.tasks().get(i);
      asked.putIfAbsent(task.id(), new JobCase.Asked(task, call.at()));
      if (call.isAnswered()) {
        JobId answer = call.answers().get(i);
        answers.put(task.id(), answer);
        answers.putIfAbsent(answer, answer); // that call may never have returned
      }
    }
  }

  private void take(String process, List<String> lines) {
    Map<String, Life> byLease = new HashMap<>();
    for (String line : lines) {
      Effect effect = Effect.parse(line);
      String lease = effect.job() + " " + effect.token();
      if (effect.kind() == Effect.Kind.BEGIN) {
        Life life = new Life(process, new ArrayList<>(List.of(effect)));
        byLease.put(lease, life);
        lives.computeIfAbsent(effect.job(), first -> new ArrayList<>()).add(life);
      } else if (byLease.containsKey(lease)) {
        byLease.get(lease).effects().add(effect);
      }
    }
  }

  private void readRows(Holdfast holdfast) {
    PageRequest next = PageRequest.first(Limits.PAGE_MAX);
    while (true) {
      Page<Job> page = holdfast.queue().list(JobFilter.all(), next);
      page.items().forEach(job -> rows.put(job.id(), job));
      if (page.next().isEmpty()) {
        return;
      }
      next = next.after(page.next().get());
    }
  }

  Blows blows() {
    return blows;
  }

  /** Returns every job that appears in any of the files or the store. */
  List<JobCase> cases(Holdfast holdfast) {
    Set<JobId> ids = new TreeSet<>(asked.keySet());
    ids.addAll(lives.keySet());
    ids.addAll(rows.keySet());
    return ids.stream()
        .map(
            id ->
                new JobCase(
                    id,
                    Optional.ofNullable(asked.get(id)),
                    Optional.ofNullable(answers.get(id)),
                    lives.getOrDefault(id, List.of()),
                    Optional.ofNullable(rows.get(id)),
                    holdfast.queue().events(id),
                    logged(id, holdfast),
                    before(id),
                    written.getOrDefault(id, List.of())))
        .toList();
  }

  private Set<Integer> logged(JobId id, Holdfast holdfast) {
    boolean writes =
        Optional.ofNullable(asked.get(id))
            .filter(job -> job.task().behaviour() == Behaviour.REPORT)
            .isPresent();
    return writes
        ? holdfast.queue().logs(LogFilter.of(id)).stream()
            .map(LogLine::attempt)
            .collect(Collectors.toSet())
        : Set.of();
  }

  private Optional<JobCase.Before> before(JobId id) {
    return Optional.ofNullable(asked.get(id))
        .flatMap(job -> job.task().after())
        .map(
            first ->
                new JobCase.Before(
                    Optional.ofNullable(rows.get(first)), lives.getOrDefault(first, List.of())));
  }
}
