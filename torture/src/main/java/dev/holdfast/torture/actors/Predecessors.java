package dev.holdfast.torture.actors;

import dev.holdfast.JobId;
import dev.holdfast.torture.evidence.Journal;
import dev.holdfast.torture.evidence.Journal.Call;
import dev.holdfast.torture.evidence.RunFolder;
import dev.holdfast.torture.evidence.Task;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A summary of the journals of earlier producers.
 *
 * @param count the number of producers
 * @param tasks the number of jobs they requested
 * @param keys the number of those with an idempotency key
 * @param unanswered the calls with an unknown outcome
 */
record Predecessors(int count, int tasks, int keys, List<List<Task>> unanswered) {

  static Predecessors in(Path folder) {
    List<Path> journals =
        RunFolder.files(folder, Journal.ENDING).stream()
            .filter(file -> file.getFileName().toString().startsWith(Journal.PRODUCER))
            .toList();
    List<Call> calls = journals.stream().flatMap(path -> Journal.read(path).stream()).toList();
    Set<JobId> asked = new HashSet<>();
    Set<JobId> answered = new HashSet<>();
    int keys = 0;
    for (Call call : calls) {
      for (Task task : call.tasks()) {
        keys += asked.add(task.id()) && task.key().isPresent() ? 1 : 0;
        if (call.isAnswered()) {
          answered.add(task.id());
        }
      }
    }
    List<List<Task>> unanswered =
        calls.stream()
            .map(Call::tasks)
            .filter(tasks -> !answered.contains(tasks.get(0).id()))
            .distinct()
            .toList();
    return new Predecessors(journals.size(), asked.size(), keys, unanswered);
  }
}
