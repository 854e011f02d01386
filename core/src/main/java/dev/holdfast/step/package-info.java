/** Steps of a job: work that is done once, and waits that outlive an attempt. */
@NullMarked
package dev.holdfast.step;

import org.jspecify.annotations.NullMarked;
