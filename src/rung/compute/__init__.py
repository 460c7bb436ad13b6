"""Say where work is done: in this thread, in several, and later on a cluster."""

from rung.compute.context import JobJournal, NoShelf, RunContext
from rung.compute.executor import default_threads, run_jobs
from rung.compute.limits import call_held, one_thread_each

__all__ = [
    "JobJournal",
    "NoShelf",
    "RunContext",
    "call_held",
    "default_threads",
    "one_thread_each",
    "run_jobs",
]
