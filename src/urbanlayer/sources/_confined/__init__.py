"""What runs in the confined child process: all that reads bytes of files nobody vouches for.

`worker.py` is its main program, the other modules its jobs. The child imports nothing else of the
package than these, `errors`, `text` and the nouns that they need, so that it starts at once.
"""
