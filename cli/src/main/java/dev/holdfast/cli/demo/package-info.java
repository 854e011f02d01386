/**
 * {@code holdfast demo}: what the promise means, shown with real processes on a queue of its own.
 * {@code RecoveryDemo} tells the story, {@code DemoWorker} is a process that it starts and kills,
 * {@code DemoHandlers} is what runs in there.
 */
@NullMarked
package dev.holdfast.cli.demo;

import org.jspecify.annotations.NullMarked;
