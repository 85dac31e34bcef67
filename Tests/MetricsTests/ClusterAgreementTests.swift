import Metrics
import TestSupport
import Testing

@Suite("The agreement of clusters agrees with scikit-learn")
struct ClusterAgreementTests {
  private let fixture = Fixture("scores")

  @Test("Six groupings of 120 windows, from equal to one group and to as many groups as windows")
  func groups() throws {
    let first = try fixture.integers("groups_first")
    let second = try fixture.integers("groups_second")
    var (agreement, information): ([Double], [Double]) = ([], [])
    for start in stride(from: 0, to: first.count, by: 120) {
      let both = try #require(
        ClusterAgreement(Array(first[start..<(start + 120)]), Array(second[start..<(start + 120)])))
      agreement += [both.adjustedRandIndex, both.normalizedMutualInformation]
      information += [both.purity, both.mutualInformation]
    }
    expectClose(agreement, try fixture.doubles("groups_agreement"), absolute: 1e-9)
    expectClose(information, try fixture.doubles("groups_information"), absolute: 1e-9)
  }

  @Test("Windows that are -1 on either side are left out")
  func partial() throws {
    let agreement = try #require(
      ClusterAgreement(fixture.integers("partial_clusters"), fixture.integers("partial_classes")))
    expectClose(
      [
        agreement.adjustedRandIndex, agreement.purity, agreement.mutualInformation,
        agreement.normalizedMutualInformation,
      ], try fixture.doubles("partial_agreement"))
    #expect(ClusterAgreement([-1, 0, 5], [1, -1, 5]) == ClusterAgreement([0], [0]))
  }

  @Test("Purity is of the clusters, not of the classes")
  func purity() {
    // Every window a cluster of its own is pure; one cluster holds the commonest class's share.
    #expect(ClusterAgreement([0, 1, 2, 3], [0, 0, 0, 1])?.purity == 1)
    #expect(ClusterAgreement([7, 7, 7, 7], [0, 0, 0, 1])?.purity == 0.75)
    #expect(ClusterAgreement([0, 0, 0, 1, 1], [2, 2, 3, 3, 3])?.purity == 0.8)
  }

  @Test("Information of halves is the logarithm of 2, of unrelated groupings none")
  func information() throws {
    let halves = try #require(ClusterAgreement([0, 0, 1, 1], [8, 8, 9, 9]))
    expectClose([halves.mutualInformation, halves.normalizedMutualInformation], [0.6931471805599453, 1])
    #expect(ClusterAgreement([0, 0, 1, 1], [8, 9, 8, 9])?.mutualInformation == 0)
  }

  @Test("Nothing to compare, one window, one group")
  func degenerate() {
    #expect(ClusterAgreement([], []) == nil)
    #expect(ClusterAgreement([1], [1, 2]) == nil)
    #expect(ClusterAgreement([-1, 0], [0, -1]) == nil)
    #expect(ClusterAgreement([1], [7])?.adjustedRandIndex == 1)
    #expect(ClusterAgreement([1, 1], [7, 7])?.normalizedMutualInformation == 1)
    #expect(ClusterAgreement([1, 1], [7, 7])?.mutualInformation == 0)
    #expect(ClusterAgreement([1, 2], [7, 8])?.adjustedRandIndex == 1)
  }
}
