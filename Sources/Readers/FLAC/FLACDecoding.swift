import CFLAC
import Foundation

/// One pass of libFLAC through a file; its callbacks find this object in their client data.
final class FLACDecoding {
  private let file: RawFile
  private let channel: Int
  private let channelCount: Int
  private let bitsPerSample: Int
  private let wanted: Range<Int>
  private let body: (Int, Int32) -> Void
  private var offset = 0
  private var decoded = 0
  private var failure: ReadError?

  init(
    file: RawFile, channel: Int, channelCount: Int, bitsPerSample: Int, wanted: Range<Int>,
    body: @escaping (Int, Int32) -> Void
  ) {
    self.file = file
    self.channel = channel
    self.channelCount = channelCount
    self.bitsPerSample = bitsPerSample
    self.wanted = wanted
    self.body = body
  }

  /// - Throws: ``ReadError`` where the file is damaged or ends before the samples that are wanted.
  func run() throws {
    guard let decoder = FLAC__stream_decoder_new() else { throw damaged("no room for a decoder") }
    defer { FLAC__stream_decoder_delete(decoder) }
    let status = FLAC__stream_decoder_init_stream(
      decoder,
      { _, buffer, count, client in
        guard let buffer, let count, let client else { return FLAC__STREAM_DECODER_READ_STATUS_ABORT }
        return Unmanaged<FLACDecoding>.fromOpaque(client).takeUnretainedValue().read(into: buffer, &count.pointee)
      }, nil, nil, nil, nil,
      { _, frame, channels, client in
        guard let frame, let channels, let client else { return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT }
        return Unmanaged<FLACDecoding>.fromOpaque(client).takeUnretainedValue()
          .take(frame.pointee.header, channels)
      }, nil,
      { _, _, client in
        guard let client else { return }
        let decoding = Unmanaged<FLACDecoding>.fromOpaque(client).takeUnretainedValue()
        decoding.fail("damaged FLAC after \(decoding.decoded) samples")
      }, Unmanaged.passUnretained(self).toOpaque())
    guard status == FLAC__STREAM_DECODER_INIT_STATUS_OK else { throw damaged("FLAC that cannot be decoded") }
    while failure == nil, decoded < wanted.upperBound {
      guard FLAC__stream_decoder_process_single(decoder) != 0,
        FLAC__stream_decoder_get_state(decoder) != FLAC__STREAM_DECODER_END_OF_STREAM
      else { break }
    }
    if let failure { throw failure }
    guard decoded >= wanted.upperBound else {
      throw ReadError(
        file.url, found: "\(decoded) samples: the file was cut short", expected: "\(wanted.upperBound) or more")
    }
  }

  private func read(
    into buffer: UnsafeMutablePointer<FLAC__byte>, _ count: inout Int
  ) -> FLAC__StreamDecoderReadStatus {
    count = min(count, file.size - offset)
    guard count > 0 else { return FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM }
    do {
      try file.read(at: offset, into: UnsafeMutableRawBufferPointer(start: buffer, count: count))
    } catch {
      failure = error
      return FLAC__STREAM_DECODER_READ_STATUS_ABORT
    }
    offset += count
    return FLAC__STREAM_DECODER_READ_STATUS_CONTINUE
  }

  private func take(
    _ header: FLAC__FrameHeader, _ channels: UnsafePointer<UnsafePointer<FLAC__int32>?>
  ) -> FLAC__StreamDecoderWriteStatus {
    guard Int(header.channels) == channelCount, Int(header.bits_per_sample) == bitsPerSample,
      let samples = channels[channel]
    else {
      fail("a block of \(header.channels) channels of \(header.bits_per_sample) bits among others")
      return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT
    }
    let block = decoded..<decoded + Int(header.blocksize)
    for at in block.clamped(to: wanted) { body(at - wanted.lowerBound, samples[at - block.lowerBound]) }
    decoded = block.upperBound
    return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE
  }

  private func fail(_ found: String) {
    // What is behind the last sample that is wanted does no harm.
    if failure == nil, decoded < wanted.upperBound { failure = damaged(found) }
  }

  private func damaged(_ found: String) -> ReadError { ReadError(file.url, found: found, expected: file.kind) }
}
