// Processes that train one network together, over c10d.
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#include <torch/csrc/distributed/c10d/logger.hpp>
#include <torch/csrc/distributed/c10d/reducer.hpp>
#ifdef SSRM_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

#include "../CTorch/include/ctorch_distributed.h"
#include "../CTorchLibrary/guard.hpp"

namespace ct {

using Group = c10::intrusive_ptr<c10d::ProcessGroup>;

static Group &group(ct_group handle) { return *reinterpret_cast<Group *>(handle); }

/// A reducer, and the logger without which it does not work.
struct Reduction {
  std::shared_ptr<c10d::Reducer> reducer;
  std::shared_ptr<c10d::Logger> logger;
};

static c10d::Reducer &reducer(ct_reducer handle) { return *reinterpret_cast<Reduction *>(handle)->reducer; }

static std::shared_ptr<gloo::transport::Device> network(const ct_meeting &meeting) {
  if (meeting.interface) return c10d::ProcessGroupGloo::createDeviceForInterface(meeting.interface);
  if (meeting.local) return c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1");
  return c10d::ProcessGroupGloo::createDefaultDevice();
}

static c10::intrusive_ptr<c10d::Store> store(const ct_meeting &meeting) {
  c10d::TCPStoreOptions options;
  options.port = meeting.port;
  options.isServer = meeting.serves;
  options.timeout = std::chrono::milliseconds(meeting.timeout);
  if (meeting.serves) options.numWorkers = meeting.count;
  // The server does not wait for the others: it would wait without a word, and without an end where one of them failed.
  options.waitWorkers = false;
  return c10::make_intrusive<c10d::PrefixStore>(
      meeting.prefix, c10::make_intrusive<c10d::TCPStore>(meeting.host, options));
}

static ct_status join(const ct_meeting *meeting, ct_group *out) {
  return guard([&] {
    auto place = store(*meeting);
    auto made = c10::make_intrusive<c10d::ProcessGroup>(place, meeting->rank, meeting->count);
    auto timeout = std::chrono::milliseconds(meeting->timeout);
    auto options = c10d::ProcessGroupGloo::Options::create(timeout);
    options->devices.push_back(network(*meeting));
    auto gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(place, meeting->rank, meeting->count, options);
    made->setBackend(c10::DeviceType::CPU, c10d::ProcessGroup::BackendType::GLOO, gloo);
    made->setDefaultBackend(c10d::ProcessGroup::BackendType::GLOO);
    if (std::string(meeting->device) != "cpu") {
#ifdef SSRM_NCCL
      auto choices = c10d::ProcessGroupNCCL::Options::create();
      choices->timeout = timeout;
      auto cards = c10::make_intrusive<c10d::ProcessGroupNCCL>(place, meeting->rank, meeting->count, choices);
      made->setBackend(c10::DeviceType::CUDA, c10d::ProcessGroup::BackendType::NCCL, cards);
#else
      TORCH_CHECK(false, "this LibTorch was built without NCCL, so processes with GPUs cannot train together");
#endif
    }
    *out = reinterpret_cast<ct_group>(new Group(std::move(made)));
  });
}

static ct_status sum(ct_group handle, ct_tensor value) {
  return guard([&] {
    std::vector<at::Tensor> tensors{tensor(value).detach()};
    group(handle)->allreduce(tensors)->wait();
  });
}

static ct_status gather(ct_group handle, ct_tensor own, ct_tensor all) {
  return guard([&] {
    at::Tensor from = tensor(own).detach().view(-1), to = tensor(all).detach().view(-1);
    group(handle)->_allgather_base(to, from)->wait();
  });
}

static ct_status broadcast(ct_group handle, ct_tensor value, int32_t from) {
  return guard([&] {
    std::vector<at::Tensor> tensors{tensor(value).detach()};
    c10d::BroadcastOptions options;
    options.rootRank = from;
    group(handle)->broadcast(tensors, options)->wait();
  });
}

/// The reducer of whichever LibTorch this is built against: newer ones are told more.
template <typename Reducer>
static Reducer *make(
    const std::vector<at::Tensor> &parameters, std::vector<std::vector<size_t>> buckets, const Group &group) {
  using Names = std::unordered_map<size_t, std::string>;
  std::vector<bool> sparse(parameters.size(), false);
  // A step of one sensor does not use the others' parameters.
  constexpr bool finds_unused = true, keeps_views = false;
  constexpr int64_t most = c10d::kDefaultBucketBytesCap, first = c10d::kDefaultFirstBucketBytes;
  if constexpr (std::is_constructible_v<
                    Reducer, std::vector<at::Tensor>, std::vector<std::vector<size_t>>, Group, std::vector<bool>,
                    int64_t, bool, bool, Names, int64_t, bool, bool, std::vector<int64_t>>) {
    return new Reducer(
        parameters, buckets, group, sparse, most, finds_unused, keeps_views, Names(), first, false, false,
        std::vector<int64_t>());
  } else {
    return new Reducer(parameters, buckets, group, sparse, most, finds_unused, keeps_views, Names(), first);
  }
}

static ct_status make_reducer(ct_group handle, const ct_tensor *handles, int64_t count, ct_reducer *out) {
  return guard([&] {
    std::vector<at::Tensor> parameters;
    for (int64_t i = 0; i < count; i++) parameters.push_back(tensor(handles[i]));
    auto buckets = std::get<0>(c10d::compute_bucket_assignment_by_size(
        parameters, {c10d::kDefaultFirstBucketBytes, c10d::kDefaultBucketBytesCap}));
    // Gradients come in about the reverse order of the parameters.
    std::reverse(buckets.begin(), buckets.end());
    std::shared_ptr<c10d::Reducer> made(make<c10d::Reducer>(parameters, buckets, group(handle)));
    auto logger = std::make_shared<c10d::Logger>(made);
    made->set_logger(logger);
    *out = reinterpret_cast<ct_reducer>(new Reduction{made, logger});
  });
}

/// Hears of a step that uses all parameters, which is no news.
struct Silence : c10::WarningHandler {
  void process(const c10::Warning &) override {}
};

static ct_status prepare(ct_reducer handle, ct_tensor loss) {
  return guard([&] {
    Silence silence;
    c10::WarningUtils::WarningHandlerGuard silent(&silence);
    reducer(handle).prepare_for_forward();
    reducer(handle).rebuild_buckets();
    reducer(handle).prepare_for_backward({tensor(loss)});
  });
}

static const ct_distributed_api distributed = {
    .message = [] { return failure.c_str(); },
    .join = join,
    .leave = [](ct_group handle) { delete reinterpret_cast<Group *>(handle); },
    .sum = sum,
    .gather = gather,
    .broadcast = broadcast,
    .reducer = make_reducer,
    .prepare = prepare,
    .release_reducer = [](ct_reducer handle) { delete reinterpret_cast<Reduction *>(handle); },
};

}  // namespace ct

extern "C" __attribute__((visibility("default"))) const ct_distributed_api *ct_distributed_table(void) {
  return &ct::distributed;
}
