import Foundation
import Tensors
import Testing
import Training

@Suite("Where processes meet")
struct MeetingTests {
  private let torchrun = ["RANK": "2", "WORLD_SIZE": "4", "MASTER_ADDR": "node1", "MASTER_PORT": "29500"]

  @Test("torchrun's variables, and its agent that answers already")
  func ofTorchrun() throws {
    var meeting = try #require(try Meeting.announced(by: torchrun))
    #expect((meeting.rank, meeting.count, meeting.host, meeting.port) == (2, 4, "node1", 29500))
    #expect(!meeting.serves && !meeting.isLocal && meeting.interface == nil)
    let first = torchrun.merging(["RANK": "0", "GLOO_SOCKET_IFNAME": "ib0", "MASTER_ADDR": "127.0.0.1"]) { $1 }
    meeting = try #require(try Meeting.announced(by: first))
    #expect(meeting.serves && meeting.isLocal && meeting.interface == "ib0" && meeting.prefix == "ssrm/0")
    let agent = first.merging(["TORCHELASTIC_USE_AGENT_STORE": "True", "TORCHELASTIC_RESTART_COUNT": "3"]) { $1 }
    meeting = try #require(try Meeting.announced(by: agent))
    #expect(!meeting.serves && meeting.prefix == "ssrm/3")
  }

  @Test("Slurm's variables of a step; a batch script without srun is one process")
  func ofSlurm() throws {
    let job = ["SLURM_JOB_ID": "4711", "SLURM_NTASKS": "8", "SLURM_PROCID": "0"]
    #expect(try Meeting.announced(by: job) == nil)
    let step = job.merging([
      "SLURM_STEP_NUM_TASKS": "8", "SLURM_PROCID": "5", "SLURM_STEP_ID": "1",
      "SLURM_STEP_NODELIST": "gpu[03-07,12],cpu1",
    ]) { $1 }
    let meeting = try #require(try Meeting.announced(by: step))
    #expect(
      (meeting.rank, meeting.count, meeting.host, meeting.port) == (5, 8, "gpu03", 20_000 + (4711 * 7 + 1) % 30_000))
    #expect(try Meeting.announced(by: step.merging(["SLURM_STEP_NODELIST": "a1,b[1-2]"]) { $1 })?.host == "a1")
    #expect(try Meeting.announced(by: step.merging(["SLURM_STEP_NODELIST": "b[12]-x"]) { $1 })?.host == "b12-x")
    #expect(try Meeting.announced(by: step.merging(["SLURM_STEP_NODELIST": "solo"]) { $1 })?.host == "solo")
    #expect(try Meeting.announced(by: step.merging(["MASTER_ADDR": "x", "MASTER_PORT": "7"]) { $1 })?.port == 7)
  }

  @Test("What one process does alone is refused to several in words, and done by one")
  func refused() throws {
    let error = #expect(throws: NotTogether.self) { try Meeting.refuse("ssrm finetune", torchrun) }
    #expect(
      error?.localizedDescription
        == "'ssrm finetune' trains in one process, and torchrun or srun has started 4: start it without them; several processes "
        + "share the cells of an 'ssrm compare' with one --out, or pretrain one encoder by 'ssrm pretrain'")
    try Meeting.refuse("ssrm finetune", [:])
  }

  @Test("Nothing announced, or one process, is a process alone")
  func alone() throws {
    #expect(try Meeting.announced(by: [:]) == nil)
    #expect(try Meeting.announced(by: torchrun.merging(["RANK": "0", "WORLD_SIZE": "1"]) { $1 }) == nil)
  }

  @Test(
    "What makes no sense is said",
    arguments: [
      (["RANK": "4"], "RANK: found '4', expected a whole number from 0 to 3"),
      (["WORLD_SIZE": "many"], "WORLD_SIZE: found 'many', expected a whole number from 1 to 100000"),
      (["MASTER_PORT": "0"], "MASTER_PORT: found '0', expected a whole number from 1 to 65535"),
      (["MASTER_ADDR": ""], "MASTER_ADDR: found '', expected the name of the first process's machine"),
    ])
  func errors(changed: [String: String], words: String) {
    let error = #expect(throws: MeetingError.self) {
      try Meeting.announced(by: torchrun.merging(changed) { $1 })
    }
    #expect(
      error?.localizedDescription
        == "the environment's \(words), as torchrun and srun set it; to train in one process, unset RANK and WORLD_SIZE"
    )
  }
}
